with

users as (select * from {{ ref('int_push_users') }}),

notifications as (select * from {{ ref('fct_notifications') }}),

as_of as (select * from {{ ref('int_as_of') }}),

parameters as (select * from {{ ref('push_parameters') }}),

-- the next push ends a period but takes nothing of it: before it arrives,
-- nothing shows that it will
pushes as (
    select distinct user_key, sent_at, true as is_push from notifications
    union all
    select user_key, first_seen_at as sent_at, false as is_push from users
),

followed as (
    select
        pushes.user_key,
        pushes.is_push,
        case
            when pushes.is_push
                then
                    pushes.sent_at
                    + parameters.post_hours * interval '1 hour'
            else pushes.sent_at
        end as free_from_at,
        case
            when pushes.is_push
                then
                    pushes.sent_at
                    + parameters.reachable_hours * interval '1 hour'
            else pushes.sent_at
        end as reachable_until_at,
        least(
            lead(pushes.sent_at) over (
                partition by pushes.user_key
                order by pushes.sent_at, pushes.is_push
            ),
            as_of.tracked_until_at
            - parameters.post_hours * interval '1 hour'
        ) as free_until_at
    from pushes
    cross join parameters
    cross join as_of
),

periods as (
    select
        user_key,
        true as is_reachable,
        free_from_at as starts_at,
        least(free_until_at, reachable_until_at) as ends_at
    from followed
    where is_push

    union all

    select
        user_key,
        false as is_reachable,
        greatest(free_from_at, reachable_until_at) as starts_at,
        free_until_at as ends_at
    from followed
),

final as (
    select
        periods.user_key,

        periods.is_reachable,

        periods.starts_at,
        periods.ends_at
    from periods
    inner join users
        on periods.user_key = users.user_key
    where periods.starts_at < periods.ends_at
)

select * from final
