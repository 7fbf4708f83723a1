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
        campaign_key,
        metric,
        arm,
        weeks_before,
        activity_class,
        long_rate is not null as has_long_rate,
        count(*) as user_count,
        sum(activity_week) as activity_week_sum,
        sum(case when has_later_push then 1 else 0 end) as later_push_count,
        sum(diluted_seconds) as diluted_seconds,
        sum(recency) as recency_sum,
        sum(recency * recency) as recency_squares
    from rates
    group by 1, 2, 3, 4, 5, 6
),

-- a row for each of them, and there are many, would only be added up again
inactive as (
    select
        everybody.campaign_key,
        metrics.metric,
        everybody.arm,
        everybody.weeks_before,
        everybody.activity_class,
        everybody.has_long_rate,
        everybody.user_count - coalesce(active.user_count, 0) as user_count,
        everybody.activity_week_sum - coalesce(active.activity_week_sum, 0)
            as activity_week_sum,
        everybody.later_push_count - coalesce(active.later_push_count, 0)
            as later_push_count,
        everybody.diluted_seconds - coalesce(active.diluted_seconds, 0)
            as diluted_seconds,
        everybody.recency_sum - coalesce(active.recency_sum, 0) as recency_sum,
        everybody.recency_squares - coalesce(active.recency_squares, 0)
            as recency_squares
    from everybody
    cross join metrics
    left join active
        on
            everybody.campaign_key = active.campaign_key
            and metrics.metric = active.metric
            and everybody.arm = active.arm
            and everybody.weeks_before = active.weeks_before
            and everybody.activity_class = active.activity_class
            and everybody.has_long_rate = active.has_long_rate
),

final as (
    select
        campaign_key,
        metric,
        arm,

        weeks_before,
        activity_class,
        cast(case when has_long_rate then 0 end as bigint) as long_rate,
        cast(user_count as bigint) as user_count,
        cast(activity_week_sum as bigint) as activity_week_sum,
        cast(later_push_count as bigint) as later_push_count,
        cast(diluted_seconds as bigint) as diluted_seconds,
        cast(recency_sum as bigint) as recency_sum,
        cast(recency_squares as bigint) as recency_squares
    from inactive
    where user_count > 0
)

select * from final
