with

totals as (select * from {{ ref('int_period_totals') }}),

final as (
    select
        period,
        user_type,

        signups,
        activated_signups,
        cast(activated_signups as double precision) / nullif(signups, 0)
            as activation_share,
        total_users,
        active_users,
        average_dau,
        average_dau / nullif(active_users, 0) as stickiness,
        -- what compares two periods is unknown until both are over
        case
            when is_complete
                then
                    cast(signups - previous_signups as double precision)
                    / nullif(previous_signups, 0)
        end as signup_growth_share,
        case
            when is_complete
                then
                    cast(total_users - previous_total_users as double precision)
                    / nullif(previous_total_users, 0)
        end as user_growth_share,
        retained_users,
        case
            when is_complete
                then
                    cast(retained_users as double precision)
                    / nullif(previous_active_users, 0)
        end as retention_share,
        case
            when is_complete
                then coalesce(previous_active_users, 0) - retained_users
        end as churned_users,
        new_active_users,
        returned_users,

        is_complete,

        period_start_date
    from totals
)

select * from final
