with

samples as (select * from {{ ref('fct_metric_samples') }}),

loads as (
    select * from {{ ref('stg_loader__loads') }}
    where source_name = 'telemetry' and finished_at is not null
),

-- a copy made long before it was loaded tells nothing of the time since
copied as (
    select max(known_until_at) as copied_at
    from loads
    having max(known_until_at) < max(started_at) - interval '24 hours'
),

-- every load is a sample, so time goes on where an app falls silent
final as (
    select
        coalesce(
            {{ given_as_of() }}, max(copied.copied_at), max(samples.observed_at)
        ) as as_of
    from samples
    left join copied
        on true
)

select * from final
