with

campaign_lift as (select * from {{ ref('agg_push_campaign_lift') }}),

layers as (select * from {{ ref('stg_neon__notification_layers') }}),

pooled_lift as (select * from {{ ref('stg_lift__pooled_lift') }}),

counted as (
    select
        case when grouping(layer_id) = 1 then 'all' else 'layer' end as scope,
        layer_id,
        metric,
        count(*) as campaigns,
        count(*) filter (where verdict = 'significant_up')
            as significant_up_campaigns,
        count(*) filter (where verdict = 'significant_down')
            as significant_down_campaigns,
        count(*) filter (where verdict = 'inconclusive')
            as inconclusive_campaigns,
        count(*) filter (where verdict = 'underpowered')
            as underpowered_campaigns,
        count(*) filter (where verdict = 'descriptive_only')
            as descriptive_only_campaigns,
        count(*) filter (where verdict = 'invalid_srm')
            as invalid_srm_campaigns,
        count(*) filter (where verdict = 'incomplete')
            as incomplete_campaigns,
        count(*) filter (where verdict = 'too_few_events')
            as too_few_events_campaigns,
        count(*) filter (where verdict = 'degenerate')
            as degenerate_campaigns,
        count(*) filter (where verdict = 'not_computed')
            as not_computed_campaigns,
        count(*) filter (where verdict = 'not_tracked')
            as not_tracked_campaigns
    from campaign_lift
    group by grouping sets ((layer_id, metric), (metric))
),

final as (
    select
        counted.scope,
        counted.layer_id,
        counted.metric,
        estimates.estimate,

        layers.layer_name,

        counted.campaigns, counted.significant_up_campaigns,
        counted.significant_down_campaigns, counted.inconclusive_campaigns,
        counted.underpowered_campaigns, counted.descriptive_only_campaigns,
        counted.invalid_srm_campaigns, counted.incomplete_campaigns,
        counted.too_few_events_campaigns, counted.degenerate_campaigns,
        counted.not_computed_campaigns, counted.not_tracked_campaigns,
        coalesce(pooled_lift.campaigns, 0) as pooled_campaigns,
        coalesce(pooled_lift.recipients, 0) as recipients,
        pooled_lift.pooled_lift, pooled_lift.pooled_se, pooled_lift.pooled_df,
        pooled_lift.pooled_low, pooled_lift.pooled_high, pooled_lift.pooled_p,
        pooled_lift.between_sd, pooled_lift.i_squared
    from counted
    cross join (values ('observed'), ('adjusted')) as estimates (estimate)
    left join layers
        on counted.layer_id = layers.layer_id
    left join pooled_lift
        on
            counted.scope = pooled_lift.scope
            and counted.layer_id is not distinct from pooled_lift.layer_id
            and counted.metric = pooled_lift.metric
            and estimates.estimate = pooled_lift.estimate
)

select * from final
