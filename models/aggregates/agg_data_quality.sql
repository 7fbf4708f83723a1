with

valued as (select * from {{ ref('int_quality_valued') }}),

checks as (select * from {{ ref('quality_checks') }}),

-- what cannot be checked leaves its weight to the rest of the score
scores as (
    select
        as_of,
        score,
        sum(weight * value_share order by check_name)
        / sum(weight order by check_name) as value_share
    from valued
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
        'overall_total' as check_name,
        extraction_score.value_share * event_score.value_share as value_share
    from scores as extraction_score
    inner join scores as event_score
        on
            extraction_score.score = 'extraction'
            and event_score.score = 'event'
),

all_values as (
    select
        as_of,
        check_name,
        component,
        numerator,
        denominator,
        value_share
    from valued

    union all

    select
        as_of,
        check_name,
        'total' as component,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        value_share
    from totals
),

assessed as (
    select
        all_values.*,
        checks.score,
        checks.weight,
        checks.passes_when,
        checks.threshold,
        checks.recommendation,
        case checks.passes_when
            when 'at_least' then all_values.value_share >= checks.threshold
            when 'at_most' then all_values.value_share <= checks.threshold
        end as is_passed
    from all_values
    inner join checks
        on all_values.check_name = checks.check_name
),

final as (
    select
        score,
        component,
        check_name,

        passes_when,
        case when not is_passed then recommendation end as recommendation,

        numerator,
        denominator,
        value_share,
        weight,
        threshold,

        is_passed,

        as_of
    from assessed
)

select * from final
