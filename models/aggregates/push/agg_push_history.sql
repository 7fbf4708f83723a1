with

campaign_lift as (select * from {{ ref('agg_push_campaign_lift') }}),

compared as (
    select
        campaign_key,
        metric,
        title,
        headline_status,
        layer_id,
        row_number() over (
            partition by layer_id, metric
            order by sent_at, campaign_key
        ) as campaign_number,
        count(*) over previous_60_days as previous_campaigns,
        lift_mean,
        avg(lift_mean) over previous_60_days as previous_lift_mean,
        adj_lift,
        count(adj_lift) over previous_60_days as previous_adj_campaigns,
        avg(adj_lift) over previous_60_days as previous_adj_lift,
        sent_at
    from campaign_lift
    -- in hours, because days are as long as the session's time zone makes them
    window previous_60_days as (
        partition by layer_id, metric
        order by sent_at
        range between interval '1440 hours' preceding
        and interval '1 microsecond' preceding
    )
),

final as (
    select
        campaign_key,
        metric,

        title,
        headline_status,

        layer_id,
        campaign_number,
        previous_campaigns,
        lift_mean,
        previous_lift_mean,
        lift_mean - previous_lift_mean as lift_mean_change,
        adj_lift,
        previous_adj_campaigns,
        previous_adj_lift,
        adj_lift - previous_adj_lift as adj_lift_change,

        sent_at
    from compared
)

select * from final
