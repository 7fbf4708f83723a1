with

events as (select * from {{ ref('stg_posthog__events') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

metrics as (
    select distinct
        metric,
        kind
    from {{ ref('push_metrics') }}
),

days as (select * from {{ ref('dim_date') }}),

as_of as (select * from {{ ref('int_as_of') }}),

activity_parameters as (select * from {{ ref('activity_parameters') }}),

push_parameters as (select * from {{ ref('push_parameters') }}),

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

-- an event that comes later than the window after a push may miss its results
final as (
    select
        'events_in_time' as check_name,
        cast(null as {{ type_text() }}) as subject,

        count(*) filter (
            where events.occurred_at
            <= events.received_at
            + activity_parameters.max_event_lead_hours * interval '1 hour'
            and events.received_at
            <= events.occurred_at
            + push_parameters.post_hours * interval '1 hour'
        ) as numerator,
        count(*) as denominator
    from events
    cross join as_of
    cross join activity_parameters
    cross join push_parameters
    where events.received_at <= as_of.as_of
    having count(*) > 0

    union all

    select
        'days_with_events' as check_name,
        metric as subject,

        numerator,
        denominator
    from counted

    union all

    select
        'metric_days' as check_name,
        cast(null as {{ type_text() }}) as subject,

        cast(sum(numerator) as bigint) as numerator,
        cast(sum(denominator) as bigint) as denominator
    from counted
    having count(*) > 0
)

select * from final
