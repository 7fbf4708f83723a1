with

scores as (select * from {{ ref('int_profile_scores') }}),

dates as (select * from {{ ref('dim_date') }}),

distribution as (select * from {{ ref('int_profile_distribution') }}),

activity_sums as (select * from {{ ref('int_profile_activity_sums') }}),

coverage as (select * from {{ ref('int_data_coverage') }}),

days as (
    select
        dates.date_day,
        coalesce(dates.date_day < chemlink.open_from_date, false)
            as is_complete,
        -- nobody on a day that is known, unknown on one that is open
        case when dates.date_day < chemlink.open_from_date then 0 end
            as no_users,
        dates.date_day + 30 < activity.open_from_date
        and coalesce(dates.date_day + 1 >= activity.tracked_from_date, true)
            as is_followed
    from dates
    inner join coverage as chemlink
        on chemlink.subject = 'chemlink'
    inner join coverage as activity
        on activity.subject = 'activity'
    where
        dates.date_day >= (
            select {{ reporting_date('min(scores.valid_from_at)') }}
            from scores
        )
),

-- n times the covariance and variances, times n once more: whole numbers
moments as (
    select
        date_day,
        cast(
            users * later_active_score_sum - score_sum * later_active_users
            as {{ type_double() }}
        ) as covariance,
        cast(
            users * squared_score_sum - score_sum * score_sum
            as {{ type_double() }}
        ) as score_variance,
        cast(
            users * later_active_users
            - later_active_users * later_active_users as {{ type_double() }}
        ) as activity_variance
    from activity_sums
),

final as (
    select
        days.date_day as metric_date,

        coalesce(distribution.users, days.no_users) as users,
        cast(distribution.score_sum as {{ type_double() }}) / distribution.users
            as average_score,
        distribution.median_score,
        coalesce(distribution.complete_users, days.no_users) as complete_users,
        cast(distribution.complete_users as {{ type_double() }})
        / distribution.users as complete_share,
        coalesce(distribution.score_0_to_24_users, days.no_users)
            as score_0_to_24_users,
        coalesce(distribution.score_25_to_49_users, days.no_users)
            as score_25_to_49_users,
        coalesce(distribution.score_50_to_69_users, days.no_users)
            as score_50_to_69_users,
        coalesce(distribution.score_70_to_100_users, days.no_users)
            as score_70_to_100_users,
        cast(distribution.known_users as {{ type_double() }})
        / distribution.users as known_share,
        case
            when days.is_followed
                then
                    moments.covariance
                    / nullif(sqrt(moments.score_variance), 0)
                    / nullif(sqrt(moments.activity_variance), 0)
        end as correlation_with_activity,

        days.is_complete
    from days
    left join distribution
        on
            days.date_day = distribution.date_day
            and days.is_complete
    left join moments
        on days.date_day = moments.date_day
)

select * from final
