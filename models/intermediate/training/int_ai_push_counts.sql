with

windows as (select * from {{ ref('fct_push_windows') }}),

metrics as (
    select distinct
        metric,
        kind = 'session' as is_session
    from {{ ref('push_metrics') }}
),

-- opening the app is no response: what is done there is
counted as (
    select
        windows.campaign_key,
        windows.user_key,
        windows.metric,
        windows.baseline_count,
        case when not metrics.is_session then windows.baseline_count end
            as target_baseline_count,
        case when not metrics.is_session then windows.post_count end
            as target_post_count
    from windows
    inner join metrics
        on windows.metric = metrics.metric
),

final as (
    select
        campaign_key,
        user_key,

        max(baseline_count) filter (where metric = 'sessions')
            as session_count,
        max(baseline_count) filter (where metric = 'closet_adds')
            as closet_add_count,
        max(baseline_count) filter (where metric = 'wishlist_adds')
            as wishlist_add_count,
        max(baseline_count) filter (where metric = 'offers_created')
            as offer_created_count,
        max(baseline_count) filter (where metric = 'offers_accepted')
            as offer_accepted_count,
        max(baseline_count) filter (where metric = 'trade_machine_clicks')
            as trade_machine_click_count,
        max(baseline_count) filter (where metric = 'confirmed_trades')
            as confirmed_trade_count,
        cast(coalesce(sum(target_baseline_count), 0) as bigint)
            as target_baseline_count,
        cast(coalesce(sum(target_post_count), 0) as bigint)
            as target_post_count
    from counted
    group by campaign_key, user_key
)

select * from final
