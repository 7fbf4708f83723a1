with

active as (select * from {{ ref('int_push_active_cells') }}),

units as (select * from {{ ref('int_push_matched_units') }}),

metrics as (select distinct metric from {{ ref('push_metrics') }}),

totals as (
    select
        campaign_key, arm, send_hour_at, weeks_before, activity_stratum,
        case when long_seconds is not null then 0 end as long_rate,
        count(*) as user_count,
        sum(silence) as recency_sum,
        sum(silence * silence) as recency_squares
    from units
    group by 1, 2, 3, 4, 5, 6
),

-- who has no counts did nothing: all people less the active ones
unioned as (
    select
        campaign_key, metric, arm, send_hour_at, weeks_before, activity_stratum,
        rate_class, post_count, baseline_rate, matched_rate, week_count,
        day_count, long_rate, user_count, recency_sum, recency_squares
    from active

    union all

    select
        campaign_key, metric, arm, send_hour_at, weeks_before, activity_stratum,
        0 as rate_class, 0 as post_count, 0 as baseline_rate, 0 as matched_rate,
        0 as week_count, 0 as day_count,
        case when long_rate is not null then 0 end as long_rate,
        -user_count as user_count, -recency_sum as recency_sum,
        -recency_squares as recency_squares
    from active

    union all

    select
        totals.campaign_key, metrics.metric, totals.arm, totals.send_hour_at,
        totals.weeks_before, totals.activity_stratum,
        0 as rate_class, 0 as post_count, 0 as baseline_rate, 0 as matched_rate,
        0 as week_count, 0 as day_count, totals.long_rate, totals.user_count,
        totals.recency_sum, totals.recency_squares
    from totals
    cross join metrics
),

final as (
    select
        campaign_key,
        metric,
        arm,

        weeks_before,
        cast(
            case
                when activity_stratum = -1 then -1
                else activity_stratum + 675 * rate_class
            end as bigint
        ) as stratum,
        post_count, baseline_rate, matched_rate, week_count, day_count,
        cast(long_rate as bigint) as long_rate,
        cast(sum(user_count) as bigint) as user_count,
        cast(sum(recency_sum) as bigint) as recency_sum,
        cast(sum(recency_squares) as bigint) as recency_squares,

        send_hour_at
    from unioned
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15
    having sum(user_count) > 0
)

select * from final
