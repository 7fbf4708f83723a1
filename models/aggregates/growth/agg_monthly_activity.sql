with

period_activity as (
    select * from {{ ref('int_period_activity') }}
    where period = 'month'
),

final as (
    select
        period_start_date as month_start_date,

        user_type,
        activity_type,

        activity_count,
        actor_count,

        is_tracked,
        is_complete
    from period_activity
)

select * from final
