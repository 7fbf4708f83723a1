with

events as (select * from {{ ref('stg_posthog__events') }}),

identities as (
    select * from {{ ref('bridge_user_identities') }}
    where source_system = 'posthog'
),

parameters as (select * from {{ ref('activity_parameters') }}),

-- a wrong time cannot be mended: the time of arrival would look like a reaction
-- to the push that woke the app
final as (
    select
        cast(events.event_id as text) as event_id,
        identities.user_key,
        events.session_id,
        events.event_name,
        events.occurred_at,
        events.received_at
    from events
    inner join identities
        on events.distinct_id_hash = identities.source_id
    cross join parameters
    where
        events.occurred_at
        <= events.received_at
        + parameters.max_event_lead_hours * interval '1 hour'
        and events.occurred_at
        >= events.received_at
        - parameters.max_event_lateness_hours * interval '1 hour'
)

select * from final
