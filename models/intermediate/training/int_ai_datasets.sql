with

datasets as (select * from {{ ref('ai_datasets') }}),

label_systems as (select * from {{ ref('ai_label_systems') }}),

systems as (select * from {{ ref('dim_source_systems') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- who did nothing in a system that is not loaded, or sends nothing yet, is not
-- silent: nobody knows
known as (
    select
        label_systems.dataset,
        case
            when
                bool_and(
                    systems.known_until_at is not null
                    and (
                        systems.source_system <> 'posthog'
                        or systems.tracking_started_at is not null
                    )
                )
                then min(systems.known_until_at)
        end as known_until_at,
        max(systems.tracking_started_at) as known_from_at
    from label_systems
    inner join systems
        on label_systems.source_system = systems.source_system
    where label_systems.is_required or systems.is_configured
    group by label_systems.dataset
),

final as (
    select
        datasets.dataset,
        datasets.version || '-' || replace(
            cast(
                cast({{ zone_time('as_of.as_of') }} as date)
                as {{ type_text() }}
            ), '-', ''
        ) as dataset_version,

        as_of.as_of,
        as_of.tracking_started_at,
        known.known_from_at,
        known.known_until_at
    from datasets
    cross join as_of
    left join known
        on datasets.dataset = known.dataset
    where as_of.as_of is not null
)

select * from final
