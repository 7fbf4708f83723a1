with

scores as (select * from {{ ref('int_profile_scores') }}),

dates as (select * from {{ ref('dim_date') }}),

distribution as (select * from {{ ref('int_profile_distribution') }}),

activity_sums as (select * from {{ ref('int_profile_activity_sums') }}),

days as (
    select
        date_day,
        date_day + 30 < max(date_day) over () as is_followed
    from dates
    where
        date_day >= (
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
            as double precision
        ) as covariance,
        cast(
            users * squared_score_sum - score_sum * score_sum
            as double precision
        ) as score_variance,
        cast(
            users * later_active_users
            - later_active_users * later_active_users as double precision
        ) as activity_variance
    from activity_sums
),

final as (
    select
        days.date_day as metric_date,

        coalesce(distribution.users, 0) as users,
        cast(distribution.score_sum as double precision) / distribution.users
            as average_score,
        distribution.median_score,
        coalesce(distribution.complete_users, 0) as complete_users,
        cast(distribution.complete_users as double precision)
        / distribution.users as complete_share,
        coalesce(distribution.score_0_to_24_users, 0) as score_0_to_24_users,
        coalesce(distribution.score_25_to_49_users, 0) as score_25_to_49_users,
        coalesce(distribution.score_50_to_69_users, 0) as score_50_to_69_users,
        coalesce(distribution.score_70_to_100_users, 0)
            as score_70_to_100_users,
        cast(distribution.known_users as double precision)
        / distribution.users as known_share,
        case
            when days.is_followed
                then
                    moments.covariance
                    / nullif(sqrt(moments.score_variance), 0)
                    / nullif(sqrt(moments.activity_variance), 0)
        end as correlation_with_activity
    from days
    left join distribution
        on days.date_day = distribution.date_day
    left join moments
        on days.date_day = moments.date_day
)

select * from final
