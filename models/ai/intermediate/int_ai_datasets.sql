with

datasets as (select * from {{ ref('ai_datasets') }}),

as_of as (select * from {{ ref('int_as_of') }}),

final as (
    select
        datasets.dataset,
        datasets.version || '-' || replace(
            cast(cast(as_of.as_of at time zone 'UTC' as date) as text), '-', ''
        ) as dataset_version,

        as_of.as_of,
        as_of.tracking_started_at
    from datasets
    cross join as_of
    where as_of.as_of is not null
)

select * from final
