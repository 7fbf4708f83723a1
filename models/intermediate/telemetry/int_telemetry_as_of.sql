with

samples as (select * from {{ ref('fct_metric_samples') }}),

-- every load is a sample, so time goes on where an app falls silent
final as (
    select coalesce({{ given_as_of() }}, max(observed_at)) as as_of
    from samples
)

select * from final
