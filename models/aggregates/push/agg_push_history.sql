{% set hour = 3600 * 1000000 %}

with

campaign_lift as (select * from {{ ref('agg_push_campaign_lift') }}),

compared as (
    select
        campaign_key,
        metric,
        title,
        verdict,
        layer_id,
        cast(
            row_number() over (
                partition by layer_id, metric
                order by sent_at, campaign_key
            ) as bigint
        ) as campaign_number,
        count(*) over previous_60_days as previous_campaigns,
        observed_lift,
        avg(observed_lift) over previous_60_days as previous_observed_lift,
        adjusted_lift,
        count(adjusted_lift) over previous_60_days
            as previous_adjusted_campaigns,
        avg(adjusted_lift) over previous_60_days
            as previous_adjusted_lift,
        sent_at
    from campaign_lift
    -- in hours, because days are as long as the session's time zone makes them
    window previous_60_days as (
        partition by layer_id, metric
        order by {{ epoch_us('sent_at') }}
        range between {{ 1440 * hour }} preceding and 1 preceding
    )
),

final as (
    select
        campaign_key,
        metric,

        title,
        verdict,

        layer_id,
        campaign_number,
        previous_campaigns,
        observed_lift,
        previous_observed_lift,
        observed_lift - previous_observed_lift as observed_lift_change,
        adjusted_lift,
        previous_adjusted_campaigns,
        previous_adjusted_lift,
        adjusted_lift - previous_adjusted_lift as adjusted_lift_change,

        sent_at
    from compared
)

select * from final
