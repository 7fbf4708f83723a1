with

sends as (select * from {{ ref('int_quality_sends') }}),

tracking as (select * from {{ ref('int_quality_tracking') }}),

tables as (select * from {{ ref('int_quality_tables') }}),

upkeep as (select * from {{ ref('int_quality_upkeep') }}),

checks as (select * from {{ ref('quality_checks') }}),

as_of as (select * from {{ ref('int_as_of') }}),

measured as (
    select * from sends
    union all
    select * from tracking
    union all
    select * from tables
    union all
    select * from upkeep
),

-- a check of a score keeps its row even if there is nothing to check
final as (
    select
        checks.check_name,
        checks.score,
        coalesce(checks.component, measured.subject) as component,

        coalesce(measured.numerator, 0) as numerator,
        coalesce(measured.denominator, 0) as denominator,
        cast(measured.numerator as double precision)
        / nullif(measured.denominator, 0) as value_share,
        checks.weight,

        as_of.as_of
    from checks
    cross join as_of
    left join measured
        on checks.check_name = measured.check_name
    where
        as_of.as_of is not null
        and (checks.weight is not null or measured.check_name is not null)
)

select * from final
