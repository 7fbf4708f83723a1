with

searches as (select * from {{ ref('stg_chemlink__searches') }}),

as_of as (select * from {{ ref('int_as_of') }}),

dated as (
    select
        {{ reporting_date('searches.created_at') }} as metric_date,
        coalesce(searches.intent, 'unknown') as intent
    from searches
    inner join as_of
        on searches.created_at <= as_of.as_of
),

final as (
    select
        metric_date,

        intent,

        count(*) as searches
    from dated
    group by metric_date, intent
)

select * from final
