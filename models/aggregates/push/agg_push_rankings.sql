with

campaign_lift as (
    select * from {{ ref('agg_push_campaign_lift') }}
    where shrunken_lift is not null
),

final as (
    select
        campaign_key,
        metric,

        title,
        design_tier,
        verdict,

        layer_id,
        cast(
            rank() over (partition by metric order by shrunken_lift desc)
            as bigint
        ) as metric_rank,
        count(*) over (partition by metric) as metric_campaigns,
        cast(
            rank()
                over (partition by metric, layer_id order by shrunken_lift desc)
            as bigint
        ) as layer_rank,
        count(*) over (partition by metric, layer_id) as layer_campaigns,
        shrunken_lift,
        shrunken_low,
        shrunken_high,
        adjusted_lift,
        adjusted_low,
        adjusted_high,
        recipients,

        sent_at
    from campaign_lift
)

select * from final
