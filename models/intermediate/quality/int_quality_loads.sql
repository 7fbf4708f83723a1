with

loads as (select * from {{ ref('stg_loader__loads') }}),

systems as (
    select * from {{ ref('dim_source_systems') }}
    where is_configured
),

notifications as (select * from {{ ref('fct_notifications') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

as_of as (select * from {{ ref('int_as_of') }}),

newest as (
    select
        'newest_push' as check_name,
        'pushes' as subject,
        'push' as source_system,
        max(sent_at) as newest_at
    from notifications
    having count(*) > 0

    union all

    select
        'newest_activity' as check_name,
        source_system as subject,
        source_system,
        max(occurred_at) as newest_at
    from activity
    group by 2, 3
),

-- the load of a system may lag behind the others, its rows behind its load
ages as (
    select
        'system_known' as check_name,
        systems.source_system as subject,
        {{ seconds_between(
            "coalesce(systems.known_until_at, "
            ~ "cast('1970-01-01 00:00:00+00' as " ~ type_instant() ~ "))",
            'as_of.as_of'
        ) }} as age_seconds
    from systems
    cross join as_of

    union all

    select
        newest.check_name,
        newest.subject,
        {{ seconds_between('newest.newest_at', 'systems.known_until_at') }}
            as age_seconds
    from newest
    inner join systems
        on newest.source_system = systems.source_system
),

-- what the table has now, not what the latest load did to it
changes as (
    select
        source_name || '.' || table_name as subject,
        live_row_count,
        max(live_row_count) over (
            partition by source_name, table_name
        ) as most_row_count,
        row_number() over (
            partition by source_name, table_name
            order by started_at desc
        ) as recency
    from loads
    where
        finished_at is not null
        and live_row_count is not null
        -- old samples go by themselves
        and source_name <> 'telemetry'
),

final as (
    -- hours, in days
    select
        check_name,
        subject,

        cast(floor(age_seconds / 3600) as bigint) as numerator,
        cast(24 as bigint) as denominator
    from ages

    union all

    select
        'row_change' as check_name,
        subject,

        live_row_count - most_row_count as numerator,
        most_row_count as denominator
    from changes
    where recency = 1 and live_row_count < most_row_count
)

select * from final
