with

campaign_lift as (select * from {{ ref('agg_push_campaign_lift') }}),

diagnostics as (select * from {{ ref('agg_push_lift_diagnostics') }}),

values_of_events as (select * from {{ ref('push_values') }}),

parameters as (select * from {{ ref('push_parameters') }}),

-- what a lift of one event per user and 24 hours is worth in the whole window;
-- null where no lift was shown
priced as (
    select
        campaign_lift.*,
        diagnostics.full_low,
        diagnostics.full_high,
        values_of_events.value_per_event_usd,
        case
            when
                campaign_lift.verdict
                in ('significant_up', 'significant_down')
                then
                    values_of_events.value_per_event_usd
                    * campaign_lift.recipients
                    * parameters.post_hours / 24.0
        end as value_per_lift_usd
    from campaign_lift
    cross join parameters
    inner join diagnostics
        on
            campaign_lift.campaign_key = diagnostics.campaign_key
            and campaign_lift.metric = diagnostics.metric
    inner join values_of_events
        on campaign_lift.metric = values_of_events.metric
),

final as (
    select
        campaign_key,
        metric,

        title,
        verdict,

        layer_id,
        recipients,
        value_per_event_usd,
        full_lift * value_per_lift_usd as value_usd,
        full_low * value_per_lift_usd as value_low_usd,
        full_high * value_per_lift_usd as value_high_usd,

        sent_at
    from priced
)

select * from final
