with

subjects as (select * from {{ ref('int_push_compared_subjects') }}),

metrics as (select distinct metric from {{ ref('push_metrics') }}),

rates as (select * from {{ ref('int_push_subject_rates') }}),

everybody as (
    select
        campaign_key,
        arm,
        weeks_before,
        activity_class,
        long_seconds is not null as has_long_rate,
        count(*) as user_count,
        sum(activity_week) as activity_week_sum,
        sum(case when has_later_push then 1 else 0 end) as later_push_count,
        sum(diluted_seconds) as diluted_seconds,
        sum(recency) as recency_sum,
        sum(recency * recency) as recency_squares
    from subjects
    group by 1, 2, 3, 4, 5
),

active as (
    select
        campaign_key, metric, arm, weeks_before, activity_class, post_count,
        first_day_count, baseline_rate, week_count, day_count, long_rate,
        count(*) as user_count,
        sum(activity_week) as activity_week_sum,
        sum(case when has_later_push then 1 else 0 end) as later_push_count,
        sum(diluted_seconds) as diluted_seconds,
        sum(recency) as recency_sum,
        sum(recency * recency) as recency_squares
    from rates
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
),

active_totals as (
    select
        campaign_key,
        metric,
        arm,
        weeks_before,
        activity_class,
        long_rate is not null as has_long_rate,
        sum(user_count) as user_count,
        sum(activity_week_sum) as activity_week_sum,
        sum(later_push_count) as later_push_count,
        sum(diluted_seconds) as diluted_seconds,
        sum(recency_sum) as recency_sum,
        sum(recency_squares) as recency_squares
    from active
    group by 1, 2, 3, 4, 5, 6
),

-- who is not among the active did nothing: rows of them, and there are many,
-- would only be added up again
inactive as (
    select
        everybody.campaign_key,
        metrics.metric,
        everybody.arm,
        everybody.weeks_before,
        everybody.activity_class,
        everybody.user_count - coalesce(active_totals.user_count, 0)
            as user_count,
        everybody.activity_week_sum
        - coalesce(active_totals.activity_week_sum, 0) as activity_week_sum,
        everybody.later_push_count - coalesce(active_totals.later_push_count, 0)
            as later_push_count,
        everybody.diluted_seconds - coalesce(active_totals.diluted_seconds, 0)
            as diluted_seconds,
        everybody.recency_sum - coalesce(active_totals.recency_sum, 0)
            as recency_sum,
        everybody.recency_squares - coalesce(active_totals.recency_squares, 0)
            as recency_squares,
        case when everybody.has_long_rate then 0 end as long_rate
    from everybody
    cross join metrics
    left join active_totals
        on
            everybody.campaign_key = active_totals.campaign_key
            and metrics.metric = active_totals.metric
            and everybody.arm = active_totals.arm
            and everybody.weeks_before = active_totals.weeks_before
            and everybody.activity_class = active_totals.activity_class
            and everybody.has_long_rate = active_totals.has_long_rate
),

cells as (
    select * from active

    union all

    select
        campaign_key, metric, arm, weeks_before, activity_class,
        0 as post_count, 0 as first_day_count, 0 as baseline_rate,
        0 as week_count, 0 as day_count, long_rate, user_count,
        activity_week_sum, later_push_count, diluted_seconds, recency_sum,
        recency_squares
    from inactive
    where user_count > 0
),

final as (
    select
        campaign_key,
        metric,
        arm,

        weeks_before,
        activity_class,
        post_count,
        first_day_count,
        baseline_rate,
        week_count,
        day_count,
        long_rate,
        cast(user_count as bigint) as user_count,
        cast(activity_week_sum as bigint) as activity_week_sum,
        cast(later_push_count as bigint) as later_push_count,
        cast(diluted_seconds as bigint) as diluted_seconds,
        cast(recency_sum as bigint) as recency_sum,
        cast(recency_squares as bigint) as recency_squares
    from cells
)

select * from final
