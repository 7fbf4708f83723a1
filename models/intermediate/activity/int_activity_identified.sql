with

account_activity as (select * from {{ ref('int_account_activity') }}),

events as (select * from {{ ref('int_events_identified') }}),

session_days as (select * from {{ ref('int_session_days') }}),

metrics as (select * from {{ ref('push_metrics') }}),

identities as (select * from {{ ref('bridge_user_identities') }}),

activity_types as (select * from {{ ref('activity_types') }}),

sessions as (
    select
        user_key,
        session_id,
        min(started_at) as started_at
    from session_days
    group by 1, 2
),

-- an event can count for several metrics
posthog_activity as (
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
),

unioned as (
    select
        identities.user_key,
        account_activity.account_id,
        account_activity.activity_type,
        account_activity.source_system,
        account_activity.source_table,
        account_activity.source_id,
        account_activity.occurred_at,
        account_activity.voided_at
    from account_activity
    inner join identities
        on
            account_activity.source_system = identities.source_system
            and account_activity.account_id = identities.source_id

    union all

    select
        user_key,
        user_key as account_id,
        activity_type,
        'posthog' as source_system,
        source_table,
        source_id,
        occurred_at,
        cast(null as {{ type_instant() }}) as voided_at
    from posthog_activity
),

final as (
    select
        md5(
            unioned.source_system || '|' || unioned.source_table || '|'
            || unioned.source_id || '|' || unioned.activity_type || '|'
            || unioned.account_id
        ) as event_key,
        unioned.user_key,

        unioned.activity_type,
        unioned.source_system,
        unioned.source_table,
        unioned.source_id,

        -- a push metric need not be listed
        coalesce(activity_types.is_activation, false) as is_activation,
        coalesce(activity_types.is_own_action, true) as is_own_action,

        unioned.occurred_at,
        unioned.voided_at
    from unioned
    left join activity_types
        on unioned.activity_type = activity_types.activity_type
)

select * from final
