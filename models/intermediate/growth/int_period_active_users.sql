with

active_periods as (select * from {{ ref('int_user_active_periods') }}),

final as (
    select
        period,
        user_type,

        count(*) as active_users,
        count(*) filter (where activity_status = 'new') as new_active_users,
        count(*) filter (where activity_status = 'retained') as retained_users,
        count(*) filter (where activity_status = 'returned') as returned_users,

        period_start_date
    from active_periods
    group by period, user_type, period_start_date
)

select * from final
