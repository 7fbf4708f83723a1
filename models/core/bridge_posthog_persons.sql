with

events as (select * from {{ ref('int_events_plausible') }}),

identities as (select * from {{ ref('int_posthog_identities') }}),

as_of as (select * from {{ ref('int_as_of') }}),

ingested as (
    select
        events.distinct_id_hash,
        events.ingestion_person_id,
        count(*) as event_count,
        min(events.received_at) as first_received_at,
        max(events.received_at) as last_received_at
    from events
    cross join as_of
    where events.received_at <= as_of.as_of
    group by 1, 2
),

final as (
    select
        ingested.distinct_id_hash,
        ingested.ingestion_person_id,
        identities.current_person_id,
        identities.user_key,

        ingested.event_count,

        coalesce(
            ingested.ingestion_person_id <> identities.current_person_id, false
        ) as has_moved,

        ingested.first_received_at,
        ingested.last_received_at
    from ingested
    inner join identities
        on ingested.distinct_id_hash = identities.source_id
)

select * from final
