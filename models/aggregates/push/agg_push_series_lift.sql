with

campaign_lift as (select * from {{ ref('agg_push_campaign_lift') }}),

series_lift as (select * from {{ ref('stg_lift__series_lift') }}),

series as (
    select
        title as push_title,
        layer_id,
        metric,
        count(*) as sends,
        count(*) filter (where verdict = 'not_computed') as stale_sends,
        bool_and(verdict <> 'not_tracked') as is_tracked,
        bool_or(is_contaminated) filter (where design_tier <> 'T3')
            as is_contaminated,
        max(dilution_share) as dilution_share,
        min(sent_at) as first_sent_at,
        max(sent_at) as last_sent_at
    from campaign_lift
    -- sends without a title need not be of one push
    where title <> ''
    group by 1, 2, 3
),

-- a series is stale as soon as one of its sends is, is new or is gone
final as (
    select
        series.push_title,
        series.layer_id,
        series.metric,

        case
            when series.is_tracked
                then coalesce(series_lift.verdict, 'not_computed')
            else 'not_tracked'
        end as verdict,

        series.sends,
        series_lift.compared_sends,
        series_lift.recipients,
        series_lift.active_recipients,
        series_lift.series_lift,
        series_lift.series_se,
        series_lift.series_df,
        series_lift.series_low,
        series_lift.series_high,
        series_lift.series_p,
        series_lift.series_q,
        series_lift.series_percent,
        series_lift.series_percent_low,
        series_lift.series_percent_high,
        series_lift.series_detectable_percent,
        series_lift.between_sd,
        series_lift.i_squared,
        series_lift.next_low,
        series_lift.next_high,
        series.is_contaminated,
        series.dilution_share,

        series.first_sent_at,
        series.last_sent_at
    from series
    left join series_lift
        on
            series.push_title = series_lift.push_title
            and series.layer_id is not distinct from series_lift.layer_id
            and series.metric = series_lift.metric
            and series.sends = series_lift.sends
            and series.stale_sends = 0
)

select * from final
