with

events as (select * from {{ ref('int_events_identified') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

views_without_session as (
    select
        user_key,
        event_id,
        occurred_at,
        lag(occurred_at) over (
            partition by user_key
            order by occurred_at, event_id
        ) as previous_occurred_at
    from events
    where
        session_id is null
        and event_name in ('$pageview', '$screen')
),

final as (
    select
        user_key,
        session_id,
        min(occurred_at) as started_at
    from events
    where session_id is not null
    group by 1, 2

    union all

    select
        views_without_session.user_key,
        views_without_session.event_id as session_id,
        views_without_session.occurred_at as started_at
    from views_without_session
    cross join parameters
    where
        views_without_session.previous_occurred_at is null
        or views_without_session.occurred_at
        > views_without_session.previous_occurred_at
        + parameters.session_gap_minutes * interval '1 minute'
)

select * from final
