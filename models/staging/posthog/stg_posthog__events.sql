with

-- what is left of an erased person's events is nobody's
source as (
    select *
    from {{ days_of(source('posthog', 'events'), 'day_version') }}
    where distinct_id_hash is distinct from ''
),

-- re-sent events keep their uuid; a copy of after `as_of` was not known by
-- then, and of copies of one instant all engines must take the same
ranked as (
    select
        *,
        row_number() over (
            partition by uuid
            order by
                coalesce(created_at <= {{ given_as_of() }}, false) desc,
                created_at desc,
                timestamp desc,
                {{ byte_order('event') }} asc nulls last,
                distinct_id_hash asc nulls last,
                person_id asc nulls last,
                {{ byte_order('session_id') }} asc nulls last,
                {{ byte_order('os') }} asc nulls last,
                {{ byte_order('lib') }} asc nulls last
        ) as recency
    from source
),

-- PostHog gives an empty property as none only where it has a column for it
renamed as (
    select
        uuid as event_id,
        distinct_id_hash,
        person_id as posthog_person_id,
        nullif(session_id, '') as session_id,

        event as event_name,
        nullif(os, '') as operating_system,
        nullif(lib, '') as library,

        {{ plausible_time('timestamp') }} as occurred_at,
        created_at as received_at{{ and_day_version() }}
    from ranked
    where recency = 1
)

select * from renamed
