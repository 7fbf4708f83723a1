with

events as (select * from {{ ref('stg_posthog__events') }}),

as_of as (select * from {{ ref('int_as_of') }}),

activity_parameters as (select * from {{ ref('activity_parameters') }}),

push_parameters as (select * from {{ ref('push_parameters') }}),

-- an event that comes later than the window after a push may miss its results
final as (
    select
        'events_in_time' as check_name,
        cast(null as text) as subject,

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
)

select * from final
