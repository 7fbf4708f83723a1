with

period_activity as (
    select * from {{ ref('int_period_activity') }}
    where period = 'week'
),

final as (
    select
        period_start_date as week_start_date,

        user_type,
        activity_type,

        activity_count,
        actor_count,

        is_tracked,
        is_complete
    from period_activity
)

select * from final
