with

campaign_lift as (
    select * from {{ ref('agg_push_campaign_lift') }}
    where verdict not in ('not_tracked', 'not_computed', 'incomplete')
),

parameters as (select * from {{ ref('push_parameters') }}),

-- the rule of the verdict underpowered, whichever verdict came first; without
-- enough events there is no smallest lift
final as (
    select
        'results_with_power' as check_name,
        cast(null as text) as subject,

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
)

select * from final
