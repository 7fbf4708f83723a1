with

systems as (select * from {{ ref('dim_source_systems') }}),

-- a system that was never loaded is not waited for, but events are of PostHog
-- alone: without it nobody knows what a push was followed by
needed as (
    select
        source_system,
        known_until_at,
        tracking_started_at,
        loaded_until_at,
        as_of,
        source_system in ('push', 'app', 'posthog')
        and (is_configured or source_system = 'posthog') as is_for_pushes,
        source_system not in ('push', 'push_files')
        and is_configured as is_for_activity
    from systems
),

final as (
    select
        max(as_of) as as_of,
        max(tracking_started_at) as tracking_started_at,
        -- one window serves every metric, so the system that lags decides
        case
            when bool_and(known_until_at is not null or not is_for_pushes)
                then min(known_until_at) filter (where is_for_pushes)
        end as tracked_until_at,
        case
            when bool_and(known_until_at is not null or not is_for_activity)
                then min(known_until_at) filter (where is_for_activity)
        end as activity_known_until_at,
        max(loaded_until_at) + interval '24 hours' as plausible_until_at
    from needed
)

select * from final
