with

events as (select * from {{ ref('stg_posthog__events') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

-- a wrong time cannot be mended: the time of arrival would look like a reaction
-- to the push that woke the app
final as (
    select
        cast(events.event_id as {{ type_text() }}) as event_id,
        events.distinct_id_hash,
        events.posthog_person_id as ingestion_person_id,
        events.session_id,

        events.event_name,

        events.occurred_at,
        events.received_at
    from events
    cross join parameters
    where {{ is_plausible_event('events', 'parameters') }}
)

select * from final
