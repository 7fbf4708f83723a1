with

checks as (select * from {{ ref('quality_checks') }}),

as_of as (select * from {{ ref('int_as_of') }}),

counted as (
    select * from {{ ref('int_quality_pushes') }}
    union all
    select * from {{ ref('int_quality_jobs') }}
    union all
    select * from {{ ref('int_quality_recipients') }}
    union all
    select * from {{ ref('int_quality_events') }}
    union all
    select * from {{ ref('int_quality_consistency') }}
    union all
    select * from {{ ref('int_quality_results') }}
    union all
    select * from {{ ref('int_quality_orphans') }}
    union all
    select * from {{ ref('int_quality_tables') }}
    union all
    select * from {{ ref('int_quality_months') }}
    union all
    select * from {{ ref('int_quality_identities') }}
    union all
    select * from {{ ref('int_quality_loads') }}
),

-- a check of a score keeps its row even if there is nothing to check
final as (
    select
        checks.check_name,
        checks.score,
        coalesce(checks.component, counted.subject) as component,

        coalesce(counted.numerator, 0) as numerator,
        coalesce(counted.denominator, 0) as denominator,
        cast(counted.numerator as double precision)
        / nullif(counted.denominator, 0) as value_share,
        checks.weight,

        as_of.as_of
    from checks
    cross join as_of
    left join counted
        on checks.check_name = counted.check_name
    where
        as_of.as_of is not null
        and (checks.weight is not null or counted.check_name is not null)
)

select * from final
