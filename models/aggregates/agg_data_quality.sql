with

scored as (select * from {{ ref('int_quality_scored') }}),

checks as (select * from {{ ref('quality_checks') }}),

exceptions as (select * from {{ ref('quality_exceptions') }}),

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
        score,
        component,
        check_name,

        severity,
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
