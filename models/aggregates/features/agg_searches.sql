with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'finder'
),

searches as (select * from {{ ref('stg_chemlink__searches') }}),

as_of as (select * from {{ ref('int_as_of') }}),

counts as (
    select
        {{ reporting_date('searches.created_at') }} as metric_date,
        coalesce(searches.intent, 'unknown') as intent,
        count(*) as searches
    from searches
    inner join as_of
        on searches.created_at <= as_of.as_of
    group by 1, 2
),

intents as (select distinct intent from counts),

final as (
    select
        days.metric_date,

        intents.intent,

        case when days.is_complete then coalesce(counts.searches, 0) end
            as searches,

        days.is_complete
    from days
    cross join intents
    left join counts
        on
            days.metric_date = counts.metric_date
            and intents.intent = counts.intent
)

select * from final
