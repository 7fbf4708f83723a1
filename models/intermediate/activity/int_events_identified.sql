with

events as (select * from {{ ref('int_events_plausible') }}),

identities as (select * from {{ ref('int_posthog_identities') }}),

as_of as (select * from {{ ref('int_as_of') }}),

final as (
    select
        events.event_id,
        identities.user_key,
        events.session_id,
        events.event_name,
        events.occurred_at,
        events.received_at
    from events
    cross join as_of
    inner join identities
        on events.distinct_id_hash = identities.source_id
    where events.received_at <= as_of.as_of
)

select * from final
