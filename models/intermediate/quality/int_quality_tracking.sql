with

events as (select * from {{ ref('int_quality_events') }}),

metric_days as (select * from {{ ref('int_quality_metric_days') }}),

consistency as (select * from {{ ref('int_quality_consistency') }}),

results as (select * from {{ ref('int_quality_results') }}),

unioned as (
    select * from events
    union all
    select * from metric_days
    union all
    select * from consistency
    union all
    select * from results
),

final as (
    select
        check_name,
        subject,

        numerator,
        denominator
    from unioned
)

select * from final
