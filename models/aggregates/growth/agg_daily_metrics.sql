with

daily_totals as (select * from {{ ref('int_daily_totals') }}),

coverage as (select * from {{ ref('int_data_coverage') }}),

marked as (
    select
        daily_totals.*,
        coalesce(
            daily_totals.metric_date >= activity.tracked_from_date, true
        ) as is_tracked,
        coalesce(
            daily_totals.metric_date - 6 >= activity.tracked_from_date, true
        ) as is_wau_tracked,
        coalesce(
            daily_totals.metric_date - 29 >= activity.tracked_from_date, true
        ) as is_mau_tracked,
        daily_totals.metric_date < activity.open_from_date as is_activity_known,
        daily_totals.metric_date < signups.open_from_date as is_signup_known,
        -- whoever signed up just before midnight has had 30 days too
        daily_totals.metric_date + 30 < signups.open_from_date
            as is_activation_known
    from daily_totals
    inner join coverage as activity
        on activity.subject = 'activity'
    inner join coverage as signups
        on signups.subject = 'signups'
),

known as (
    select
        metric_date,
        user_type,
        case when is_signup_known then signups end as signups,
        case when is_signup_known then activated_signups end
            as activated_signups,
        case when is_activation_known then activated_signups_30_days end
            as activated_signups_30_days,
        case when is_signup_known then total_users end as total_users,
        case when is_activity_known then dau end as dau,
        case when is_activity_known then wau end as wau,
        case when is_activity_known then mau end as mau,
        is_tracked,
        is_wau_tracked,
        is_mau_tracked,
        coalesce(is_activity_known, false) as is_complete
    from marked
),

final as (
    select
        metric_date,

        user_type,

        signups,
        activated_signups,
        cast(activated_signups as {{ type_double() }}) / nullif(signups, 0)
            as activation_share,
        activated_signups_30_days,
        cast(activated_signups_30_days as {{ type_double() }})
        / nullif(signups, 0) as activation_share_30_days,
        total_users,
        dau,
        wau,
        mau,
        -- of a month that was tracked in part, it would be too high
        case
            when is_mau_tracked
                then cast(dau as {{ type_double() }}) / nullif(mau, 0)
        end as stickiness,

        is_tracked,
        is_wau_tracked,
        is_mau_tracked,
        is_complete
    from known
)

select * from final
