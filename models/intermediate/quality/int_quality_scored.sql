with

valued as (select * from {{ ref('int_quality_valued') }}),

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
        'data_quality_total' as check_name,
        extraction_score.value_share * event_score.value_share as value_share
    from scores as extraction_score
    inner join scores as event_score
        on
            extraction_score.score = 'extraction'
            and event_score.score = 'event'
),

final as (
    select
        check_name,
        component,

        numerator,
        denominator,
        value_share,

        as_of
    from valued

    union all

    select
        check_name,

        'total' as component,

        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        value_share,

        as_of
    from totals
)

select * from final
