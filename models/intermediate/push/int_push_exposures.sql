with

notifications as (select * from {{ ref('fct_notifications') }}),

users as (select * from {{ ref('int_push_users') }}),

parameters as (select * from {{ ref('push_parameters') }}),

pushes as (
    select user_key, sent_at, count(*) as push_count
    from notifications
    group by user_key, sent_at
),

-- hours after two pushes count once: the next push ends the exposure
final as (
    select
        pushes.user_key,

        pushes.push_count,

        pushes.sent_at,
        least(
            pushes.sent_at + parameters.post_hours * interval '1 hour',
            lead(pushes.sent_at) over (
                partition by pushes.user_key
                order by pushes.sent_at
            )
        ) as exposed_until_at
    from pushes
    cross join parameters
    inner join users
        on
            pushes.user_key = users.user_key
            and pushes.sent_at >= users.observed_from_at
)

select * from final
