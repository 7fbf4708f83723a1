with

rates as (
    select * from {{ ref('int_push_unit_rates') }}
    where arm in ('recipient', 'crowded') and baseline_rate > 0
),

ranked as (
    select
        campaign_key,
        metric,
        baseline_rate,
        ntile(6) over (
            partition by campaign_key, metric
            order by baseline_rate
        ) as sextile
    from rates
),

final as (
    select
        campaign_key,
        metric,

        max(baseline_rate) filter (where sextile = 1) as first_edge,
        max(baseline_rate) filter (where sextile = 2) as second_edge,
        max(baseline_rate) filter (where sextile = 3) as third_edge,
        max(baseline_rate) filter (where sextile = 4) as fourth_edge,
        max(baseline_rate) filter (where sextile = 5) as fifth_edge
    from ranked
    group by campaign_key, metric
)

select * from final
