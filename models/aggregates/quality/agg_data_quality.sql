with

measured as (select * from {{ ref('int_quality_measured') }}),

checks as (select * from {{ ref('quality_checks') }}),

exceptions as (select * from {{ ref('quality_exceptions') }}),

systems as (select * from {{ ref('dim_source_systems') }}),

-- what cannot be checked leaves its weight to the rest of the score
scores as (
    select
        as_of,
        score,
        {{ ordered_sum('weight * value_share', 'check_name') }}
        / {{ ordered_sum('weight', 'check_name') }} as value_share
    from measured
    where weight is not null and value_share is not null
    group by 1, 2
),

totals as (
    select
        as_of,
        score || '_total' as check_name,
        value_share
    from scores

    union all

    select
        extraction_score.as_of,
        'data_quality_total' as check_name,
        extraction_score.value_share * event_score.value_share as value_share
    from scores as extraction_score
    inner join scores as event_score
        on
            extraction_score.score = 'extraction'
            and event_score.score = 'event'
),

scored as (
    select
        check_name,
        component,
        numerator,
        denominator,
        value_share,
        as_of
    from measured

    union all

    select
        check_name,
        'total' as component,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        value_share,
        as_of
    from totals
),

-- a few rows prove nothing, so nothing is required of them
required as (
    select
        scored.check_name,
        scored.component,
        scored.numerator,
        scored.denominator,
        scored.value_share,
        scored.as_of,
        checks.score,
        checks.weight,
        checks.recommendation,
        case
            when exceptions.check_name is null then checks.threshold
            else exceptions.threshold
        end as threshold,
        coalesce(exceptions.severity, checks.severity) as severity,
        case
            when coalesce(scored.denominator >= checks.min_rows, true)
                then checks.passes_when
        end as passes_when
    from scored
    inner join checks
        on scored.check_name = checks.check_name
    left join exceptions
        on
            scored.check_name = exceptions.check_name
            and scored.component = exceptions.component
),

assessed as (
    select
        *,
        case passes_when
            when 'at_least' then value_share >= threshold
            when 'at_most' then value_share <= threshold
        end as is_passed
    from required
),

final as (
    select
        assessed.score,
        assessed.component,
        assessed.check_name,

        assessed.severity,
        assessed.passes_when,
        case when not assessed.is_passed then assessed.recommendation end
            as recommendation,

        assessed.numerator,
        assessed.denominator,
        assessed.value_share,
        assessed.weight,
        assessed.threshold,

        assessed.is_passed,

        assessed.as_of,
        systems.known_until_at
    from assessed
    left join systems
        on
            assessed.check_name = 'system_known'
            and assessed.component = systems.source_system
)

select * from final
