with

period_metrics as (
    select * from {{ ref('int_period_metrics') }}
    where period = 'week'
),

final as (
    select
        period_start_date as week_start_date,

        user_type,

        signups,
        activated_signups,
        activation_share,
        total_users,
        active_users,
        average_dau,
        stickiness,
        signup_growth_share,
        user_growth_share,
        retained_users,
        retention_share,
        churned_users,
        new_active_users,
        returned_users,

        is_tracked,
        is_complete
    from period_metrics
)

select * from final
