with

counts as (select * from {{ ref('int_push_campaign_counts') }}),

campaigns as (select * from {{ ref('dim_campaigns') }}),

lift as (select * from {{ ref('stg_lift__campaign_lift') }}),

robustness as (select * from {{ ref('stg_lift__lift_robustness') }}),

adjusted as (select * from {{ ref('stg_lift__adjusted_lift') }}),

shrunken as (select * from {{ ref('stg_lift__shrunken_lift') }}),

-- statistics of other counts than today's are stale: they stay null until rerun
final as (
    select
        counts.campaign_key, counts.metric,
        campaigns.title, campaigns.layer_id, campaigns.sent_at,
        lift.run_id, lift.method_version,
        counts.n, counts.n_zero_both, counts.n_pre_active, counts.n_post_active,
        counts.n_duplicate, counts.n_short_history, counts.n_incomplete,
        counts.n_overlap_pre, counts.n_overlap_post, counts.n_crowded,
        counts.sum_post, counts.sum_baseline,
        lift.baseline_mean, lift.post_mean, lift.baseline_sd, lift.post_sd,
        lift.corr, lift.lift_mean, lift.lift_median, lift.lift_sd, lift.lift_se,
        lift.t, lift.df, lift.p_value, lift.log10_p, lift.q_value,
        lift.family_size, lift.ci_lo, lift.ci_hi,
        lift.pct_lift, lift.pct_lo, lift.pct_hi, lift.pct_status,
        lift.d_z, lift.g_z, lift.d_z_lo, lift.d_z_hi, lift.d_av,
        lift.power_target, lift.n_required, lift.mde_abs, lift.mde_pct,
        lift.observed_status,
        robustness.mw_lift, robustness.mw_se, robustness.mw_p,
        robustness.mw_lo, robustness.mw_hi, robustness.mw_pct,
        adjusted.design_tier, adjusted.design_reason, adjusted.is_contaminated,
        adjusted.adj_lift, adjusted.adj_se, adjusted.adj_df,
        adjusted.adj_lo, adjusted.adj_hi, adjusted.adj_p, adjusted.adj_q,
        adjusted.adj_pct, adjusted.adj_pct_lo, adjusted.adj_pct_hi,
        adjusted.all_lift, adjusted.all_lo, adjusted.all_hi,
        adjusted.n_adjusted, adjusted.n_controls, adjusted.controls_ess,
        adjusted.matched_share, adjusted.smd_recency, adjusted.smd_rate,
        adjusted.smd_week, adjusted.hb_diff_pct, adjusted.hb_p,
        adjusted.theta_baseline, adjusted.theta_matched, adjusted.theta_week,
        adjusted.theta_day, adjusted.theta_root_baseline, adjusted.theta_long,
        adjusted.theta_root_long, adjusted.adj_mde_abs, adjusted.adj_mde_pct,
        adjusted.srm_p, adjusted.placebo_k, adjusted.placebo_mean,
        adjusted.placebo_sd, adjusted.placebo_tau, adjusted.placebo_pass,
        shrunken.shrunken_lift, shrunken.shrunken_lo, shrunken.shrunken_hi,
        robustness.iqr_n_removed, robustness.iqr_lift, robustness.iqr_sd,
        robustness.iqr_p, robustness.iqr_lo, robustness.iqr_hi,
        robustness.iqr_status, robustness.z_n_removed, robustness.z_lift,
        robustness.z_sd, robustness.z_p, robustness.z_lo, robustness.z_hi,
        robustness.z_status, robustness.cap_n_removed, robustness.cap_lift,
        robustness.cap_sd, robustness.cap_p, robustness.cap_lo,
        robustness.cap_hi, robustness.cap_status,
        robustness.outlier_sensitivity, robustness.baseline_cv,
        robustness.trend_pct_per_week, robustness.trend_t,
        robustness.ratio_last7_30, robustness.ratio_h2_h1,
        robustness.autocorr_lag1, robustness.weekly_amplitude,
        robustness.naive_placebo_mean, robustness.naive_placebo_sd,
        robustness.is_baseline_stable,
        case
            when counts.is_tracked
                then coalesce(adjusted.headline_status, 'not_computed')
            else 'not_tracked'
        end as headline_status
    from counts
    inner join campaigns
        on counts.campaign_key = campaigns.campaign_key
    left join lift
        on
            counts.campaign_key = lift.campaign_key
            and counts.metric = lift.metric
            and counts.n = lift.n
            and counts.sum_post = lift.sum_post
            and counts.sum_baseline = lift.sum_baseline
    left join robustness
        on
            counts.campaign_key = robustness.campaign_key
            and counts.metric = robustness.metric
            and counts.n = robustness.n
            and counts.sum_post = robustness.sum_post
            and counts.sum_baseline = robustness.sum_baseline
    left join adjusted
        on
            lift.campaign_key = adjusted.campaign_key
            and lift.metric = adjusted.metric
            -- a campaign that nobody is included of has no input
            and (
                adjusted.input_digest is null
                or counts.input_digest = adjusted.input_digest
            )
    left join shrunken
        on
            adjusted.campaign_key = shrunken.campaign_key
            and adjusted.metric = shrunken.metric
)

select * from final
