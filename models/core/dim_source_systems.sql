with

loads as (select * from {{ ref('stg_loader__loads') }}),

slices as (select * from {{ ref('stg_posthog__load_slices') }}),

distinct_ids as (select * from {{ ref('int_distinct_ids') }}),

systems as (
    select
        source_system,
        has_accounts
    from (
        values
        {% for system, parts in source_systems().items() %}
            (
                '{{ system }}',
                {{ parts.has_accounts or parts.accounts is defined }}
            )
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    ) as systems (source_system, has_accounts)
),

-- one table that was not read to its end leaves the load of its system open
loads_of_systems as (
    select
        source_system,
        started_at,
        max(data_origin) as data_origin,
        max(hash_key_id) as hash_key_id,
        max(known_until_at) as known_until_at,
        count(*) = count(finished_at) as is_complete
    from loads
    group by source_system, started_at
),

-- a load of PostHog that runs out of time keeps the slices it verified
ranked as (
    select
        source_system,
        data_origin,
        hash_key_id,
        known_until_at,
        is_complete or source_system = 'posthog' as is_known,
        row_number() over (
            partition by source_system
            order by
                is_complete or source_system = 'posthog' desc,
                started_at desc
        ) as recency
    from loads_of_systems
),

known as (
    select
        source_system,
        data_origin,
        hash_key_id,
        case when is_known then known_until_at end as known_until_at
    from ranked
    where recency = 1
),

tracked as (
    select
        {{ bucket_start('min(first_received_at)', 'day') }} as started_at
    from distinct_ids
),

pending as (
    select
        count(*) as slice_count,
        count(loaded_from_at) as bounded_count,
        min(loaded_from_at) as loaded_until_at
    from slices
    where status <> 'verified'
),

verified as (
    select max(loaded_until_at) as loaded_until_at
    from slices
    where status = 'verified'
),

-- a slice that is still to come may hold anything since its own beginning
events as (
    select
        case
            when pending.slice_count = 0 then verified.loaded_until_at
            when pending.slice_count = pending.bounded_count
                then pending.loaded_until_at
        end as loaded_until_at
    from verified
    cross join pending
),

loaded as (
    select
        systems.source_system,
        systems.has_accounts,
        known.data_origin,
        known.hash_key_id,
        known.source_system is not null as is_configured,
        case when systems.source_system = 'posthog' then tracked.started_at end
            as tracking_started_at,
        case
            when systems.source_system <> 'posthog' then known.known_until_at
            -- its clock may be ahead of the loader's
            when events.loaded_until_at is not null
                then least(events.loaded_until_at, known.known_until_at)
        end as loaded_until_at
    from systems
    cross join events
    cross join tracked
    left join known
        on systems.source_system = known.source_system
),

known_until as (
    select
        *,
        case
            when loaded_until_at is not null
                then least(loaded_until_at, {{ given_as_of() }})
        end as known_until_at
    from loaded
),

final as (
    select
        source_system,

        data_origin,
        hash_key_id,

        has_accounts,
        is_configured,

        tracking_started_at,
        known_until_at,
        loaded_until_at,
        coalesce({{ given_as_of() }}, max(known_until_at) over ()) as as_of
    from known_until
)

select * from final
