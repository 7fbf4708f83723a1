with

activity as (select * from {{ ref('fct_user_activity') }}),

metrics as (
    select distinct
        metric,
        kind
    from {{ ref('push_metrics') }}
),

days as (select * from {{ ref('dim_date') }}),

as_of as (select * from {{ ref('int_as_of') }}),

tracked_days as (
    select days.date_day
    from days
    inner join as_of
        on
            days.date_day >= {{ reporting_date('as_of.tracking_started_at') }}
            and days.date_day <= {{ reporting_date('as_of.tracked_until_at') }}
),

active_days as (
    select distinct
        activity_type as metric,
        {{ reporting_date('occurred_at') }} as date_day
    from activity
),

-- trades come from the app database, which is optional
counted as (
    select
        metrics.metric,
        count(active_days.date_day) as numerator,
        count(*) as denominator
    from metrics
    cross join tracked_days
    left join active_days
        on
            metrics.metric = active_days.metric
            and tracked_days.date_day = active_days.date_day
    group by metrics.metric, metrics.kind
    having metrics.kind <> 'trade' or count(active_days.date_day) > 0
),

final as (
    select
        'days_with_events' as check_name,
        metric as subject,

        numerator,
        denominator
    from counted

    union all

    select
        'metric_days' as check_name,
        cast(null as text) as subject,

        cast(sum(numerator) as bigint) as numerator,
        cast(sum(denominator) as bigint) as denominator
    from counted
    having count(*) > 0
)

select * from final
