with

counts as (select * from {{ ref('int_push_campaign_counts') }}),

observed as (select * from {{ ref('stg_lift__campaign_lift') }}),

adjusted as (select * from {{ ref('stg_lift__adjusted_lift') }}),

final as (
    select
        counts.campaign_key, counts.metric,
        counts.recipients_inactive, counts.recipients_active_before,
        counts.recipients_active_after, counts.recipients_short_history,
        counts.recipients_incomplete, counts.recipients_overlap_before,
        counts.recipients_overlap_after, counts.recipients_overlapping,
        counts.duplicate_deliveries, counts.sum_post, counts.sum_baseline,
        observed.observed_percent_status, observed.baseline_sd,
        observed.post_sd, observed.rate_correlation, observed.observed_median,
        observed.observed_sd, observed.observed_se, observed.observed_t,
        observed.observed_df, observed.observed_log10_p,
        observed.observed_family_size, observed.observed_percent_low,
        observed.observed_percent_high, observed.effect_size_hedges,
        observed.effect_size_low, observed.effect_size_high,
        observed.effect_size_average_sd, observed.power_at_target,
        observed.required_recipients, observed.observed_detectable_lift,
        observed.outlier_sensitivity,
        observed.iqr_status, observed.z_status, observed.modified_z_status,
        observed.capped_status, observed.matched_window_recipients,
        observed.matched_window_se, observed.matched_window_p,
        observed.matched_window_percent, observed.iqr_outliers,
        observed.iqr_outlier_share, observed.iqr_lift, observed.iqr_sd,
        observed.iqr_t, observed.iqr_p, observed.iqr_low, observed.iqr_high,
        observed.z_outliers, observed.z_outlier_share, observed.z_lift,
        observed.z_sd, observed.z_t, observed.z_p, observed.z_low,
        observed.z_high, observed.modified_z_outliers,
        observed.modified_z_outlier_share, observed.modified_z_lift,
        observed.modified_z_sd, observed.modified_z_t, observed.modified_z_p,
        observed.modified_z_low, observed.modified_z_high, observed.cap_level,
        observed.capped_outliers, observed.capped_lift, observed.capped_sd,
        observed.capped_t, observed.capped_p, observed.capped_low,
        observed.capped_high, observed.baseline_cv,
        observed.trend_percent_per_week, observed.trend_t,
        observed.ratio_last_week, observed.ratio_second_half,
        observed.autocorrelation, observed.weekly_amplitude,
        observed.observed_placebo_mean, observed.observed_placebo_sd,
        adjusted.matched_recipients, adjusted.effective_controls,
        adjusted.max_weight, adjusted.largest_smd, adjusted.smd_recency,
        adjusted.smd_rate, adjusted.smd_week, adjusted.held_back_percent,
        adjusted.held_back_p, adjusted.later_push_share,
        adjusted.later_push_share_controls, adjusted.adjusted_se,
        adjusted.adjusted_df, adjusted.adjusted_detectable_lift,
        adjusted.adjusted_cap, adjusted.full_se, adjusted.full_low,
        adjusted.full_high, adjusted.full_p, adjusted.full_percent_low,
        adjusted.full_percent_high, adjusted.first_day_lift,
        adjusted.first_day_low, adjusted.first_day_high, adjusted.active_points,
        adjusted.active_points_low, adjusted.active_points_high,
        adjusted.everyone_lift, adjusted.everyone_low, adjusted.everyone_high,
        adjusted.placebo_dates, adjusted.placebo_mean, adjusted.placebo_sd,
        adjusted.placebo_tau, adjusted.is_placebo_passed,
        adjusted.sample_ratio_p
    from counts
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
