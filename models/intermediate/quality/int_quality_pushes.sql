with

notifications as (select * from {{ ref('stg_neon__notifications') }}),

layers as (select * from {{ ref('stg_neon__notification_layers') }}),

loads as (
    select * from {{ ref('stg_loader__loads') }}
    where
        source_name = 'neon'
        and table_name = 'user_notifications'
),

as_of as (select * from {{ ref('int_as_of') }}),

-- a push of the future is wrong, one after `as_of` only not known yet
totals as (
    select
        count(*) as pushes,
        count(*) filter (
            where notifications.sent_at <= as_of.plausible_until_at
        ) as timed_pushes,
        count(*) filter (
            where notifications.user_id is not null
            and notifications.sent_at is not null
            and notifications.layer_id is not null
            and notifications.push_title <> ''
        ) as complete_pushes,
        count(layers.layer_id) as layered_pushes
    from notifications
    cross join as_of
    left join layers
        on notifications.layer_id = layers.layer_id
    where
        notifications.sent_at is null
        or notifications.sent_at <= as_of.as_of
        or notifications.sent_at > as_of.plausible_until_at
    having count(*) > 0
),

-- the same row is rejected by load after load, so they do not add up
rejected as (
    select coalesce(max(rejected_row_count), 0) as rejected_pushes from loads
),

final as (
    select
        checks.check_name,
        cast(null as {{ type_text() }}) as subject,

        case checks.check_name
            when 'push_times' then totals.timed_pushes
            when 'push_fields' then totals.complete_pushes
            when 'push_layers' then totals.layered_pushes
            else totals.pushes
        end as numerator,
        case checks.check_name
            when 'push_values' then totals.pushes + rejected.rejected_pushes
            else totals.pushes
        end as denominator
    from totals
    cross join rejected
    cross join (
        values ('push_times'), ('push_fields'), ('push_layers'), ('push_values')
    ) as checks (check_name)
)

select * from final
