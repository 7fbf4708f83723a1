with

rates as (
    select * from {{ ref('int_push_subject_rates') }}
    where arm in ('recipient', 'overlapping') and baseline_rate > 0
),

final as (
    select
        campaign_key,
        metric,

        cast(
            percentile_cont(0.5) within group (order by baseline_rate)
            as {{ type_double() }}
        ) as median_rate
    from rates
    group by campaign_key, metric
)

select * from final
