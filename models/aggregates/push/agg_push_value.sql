with

campaign_lift as (select * from {{ ref('agg_push_campaign_lift') }}),

values_of_events as (select * from {{ ref('push_values') }}),

parameters as (select * from {{ ref('push_parameters') }}),

-- what a lift of one event per user and 24 hours is worth in the whole window;
-- null where no lift was shown
priced as (
    select
        campaign_lift.*,
        values_of_events.value_per_event_usd,
        case
            when
                campaign_lift.headline_status
                in ('significant_up', 'significant_down')
                then
                    values_of_events.value_per_event_usd
                    * campaign_lift.n
                    * parameters.post_hours / 24.0
        end as value_per_lift_usd
    from campaign_lift
    cross join parameters
    inner join values_of_events
        on campaign_lift.metric = values_of_events.metric
),

final as (
    select
        campaign_key,
        metric,

        title,
        headline_status,

        layer_id,
        n,
        value_per_event_usd,
        adj_lift * value_per_lift_usd as value_usd,
        adj_lo * value_per_lift_usd as value_lo_usd,
        adj_hi * value_per_lift_usd as value_hi_usd,

        sent_at
    from priced
)

select * from final
