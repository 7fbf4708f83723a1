with

events as (select * from {{ ref('int_events_identified') }}),

sessions as (select * from {{ ref('int_sessions') }}),

metrics as (select * from {{ ref('push_metrics') }}),

-- an event can count for several metrics
final as (
    select
        events.user_key,
        metrics.metric as activity_type,
        'events' as source_table,
        events.event_id as source_id,
        events.occurred_at
    from events
    inner join metrics
        on
            events.event_name = metrics.event
            and metrics.kind = 'event'

    union all

    select
        sessions.user_key,
        metrics.metric as activity_type,
        'sessions' as source_table,
        sessions.session_id as source_id,
        sessions.started_at as occurred_at
    from sessions
    inner join metrics
        on metrics.kind = 'session'
)

select * from final
