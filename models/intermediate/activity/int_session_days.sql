with

-- whether a view begins a session tells the one before, on the same day or the
-- day before: no session outlasts a silence of a day
events as (
    select *
    from {{ days_of(ref('int_events_identified'), 'occurred_at', 1) }}
),

parameters as (select * from {{ ref('activity_parameters') }}),

-- of views at one time those with a session go first
views as (
    select
        user_key,
        session_id,
        event_id,
        occurred_at,
        lag(occurred_at) over (
            partition by user_key
            order by occurred_at, session_id is null, event_id
        ) as previous_occurred_at
    from events
    where event_name in ('$pageview', '$screen')
),

named as (
    select
        user_key,
        session_id,
        min(occurred_at) as started_at
    from events
    where session_id is not null
    group by user_key, session_id, cast({{ zone_time('occurred_at') }} as date)
),

final as (
    select * from named

    union all

    select
        views.user_key,
        views.event_id as session_id,
        views.occurred_at as started_at
    from views
    cross join parameters
    where
        views.session_id is null
        and (
            views.previous_occurred_at is null
            or views.occurred_at
            > views.previous_occurred_at
            + least(parameters.session_gap_minutes, 24 * 60)
            * interval '1 minute'
        )
)

select * from final
