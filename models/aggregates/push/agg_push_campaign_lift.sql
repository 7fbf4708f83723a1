with

counts as (select * from {{ ref('int_push_campaign_counts') }}),

campaigns as (select * from {{ ref('dim_campaigns') }}),

observed as (select * from {{ ref('stg_lift__campaign_lift') }}),

adjusted as (select * from {{ ref('stg_lift__adjusted_lift') }}),

-- statistics of other counts than today's are stale: they stay null until rerun
final as (
    select
        counts.campaign_key, counts.metric,
        campaigns.title, campaigns.layer_id, campaigns.sent_at,
        observed.run_id, observed.method_version,
        case
            when counts.is_tracked
                then coalesce(adjusted.verdict, 'not_computed')
            else 'not_tracked'
        end as verdict,
        adjusted.design_tier, adjusted.design_reason, adjusted.is_contaminated,
        counts.recipients,
        adjusted.controls, adjusted.matched_share, adjusted.adjusted_lift,
        adjusted.adjusted_low, adjusted.adjusted_high, adjusted.adjusted_p,
        adjusted.adjusted_q, adjusted.adjusted_percent,
        adjusted.adjusted_percent_low, adjusted.adjusted_percent_high,
        adjusted.adjusted_detectable_percent, adjusted.full_lift,
        adjusted.full_percent, adjusted.cap_sensitivity,
        adjusted.dilution_share, adjusted.shrunken_lift,
        adjusted.shrunken_low, adjusted.shrunken_high,
        observed.baseline_mean, observed.post_mean, observed.observed_lift,
        observed.observed_low, observed.observed_high,
        observed.observed_percent, observed.observed_p, observed.observed_q,
        observed.effect_size, observed.observed_detectable_percent,
        observed.observed_status, observed.matched_window_lift,
        observed.matched_window_low, observed.matched_window_high,
        observed.is_baseline_stable
    from counts
    inner join campaigns
        on counts.campaign_key = campaigns.campaign_key
    left join observed
        on
            counts.campaign_key = observed.campaign_key
            and counts.metric = observed.metric
            and counts.is_observed_current
    left join adjusted
        on
            counts.campaign_key = adjusted.campaign_key
            and counts.metric = adjusted.metric
            and counts.is_adjusted_current
)

select * from final
