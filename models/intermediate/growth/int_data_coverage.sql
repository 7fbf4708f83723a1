with

systems as (select * from {{ ref('dim_source_systems') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

-- a login is a session of Kratos and of an account of ChemLink
needed as (
    select
        'activity' as subject,
        source_system
    from systems
    where source_system not in ('push', 'push_files')

    union all

    select
        'signups' as subject,
        source_system
    from systems
    where has_accounts

    union all

    select
        'visits' as subject,
        source_system
    from systems
    where source_system in ('posthog', 'chemlink', 'kratos')

    union all

    select
        source_system as subject,
        source_system
    from systems

    union all

    select distinct
        activity_type as subject,
        source_system
    from activity

    union all

    select
        'login' as subject,
        'kratos' as source_system
),

covered as (
    select
        needed.subject,
        max(systems.tracking_started_at) filter (where systems.is_configured)
            as tracked_from_at,
        -- one system of which nothing is known leaves everything open
        case
            when
                count(*) filter (where systems.is_configured)
                = count(systems.known_until_at)
                filter (where systems.is_configured)
                then
                    min(systems.known_until_at)
                    filter (where systems.is_configured)
        end as known_until_at
    from needed
    inner join systems
        on needed.source_system = systems.source_system
    group by needed.subject
),

final as (
    select
        subject,

        -- a day that was tracked in part only does not count
        {{ reporting_date("(tracked_from_at - interval '1 microsecond')") }}
        + 1
            as tracked_from_date,
        {{ reporting_date('known_until_at') }} as open_from_date,

        tracked_from_at,
        known_until_at
    from covered
)

select * from final
