with

checks as (select * from {{ ref('quality_checks') }}),

as_of as (select * from {{ ref('int_as_of') }}),

campaign_lift as (
    select * from {{ ref('agg_push_campaign_lift') }}
    where verdict not in ('not_tracked', 'not_computed', 'incomplete')
),

parameters as (select * from {{ ref('push_parameters') }}),

-- the rule of the verdict underpowered, whichever verdict came first; without
-- enough events there is no smallest lift
results as (
    select
        'results_with_power' as check_name,
        cast(null as {{ type_text() }}) as subject,
        count(*) filter (
            where coalesce(
                campaign_lift.adjusted_detectable_percent,
                campaign_lift.observed_detectable_percent
            ) <= 2 * 100 * parameters.target_lift
        ) as numerator,
        count(*) as denominator
    from campaign_lift
    cross join parameters
    having count(*) > 0
),

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
    select * from results
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
        cast(counted.numerator as {{ type_double() }})
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
