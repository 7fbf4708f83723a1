with

sums as (select * from {{ ref('agg_push_window_sums') }}),

campaigns as (select * from {{ ref('dim_campaigns') }}),

recipients as (
    select * from {{ ref('agg_push_recipients') }}
    where is_counted_user
),

lift as (select * from {{ ref('stg_lift__campaign_lift') }}),

totals as (
    select
        campaign_key,
        metric,
        cast(sum(recipients) as bigint) as n,
        cast(sum(zero_both) as bigint) as n_zero_both,
        cast(sum(baseline_active) as bigint) as n_pre_active,
        cast(sum(post_active) as bigint) as n_post_active,
        cast(sum(sum_post) as bigint) as sum_post,
        cast(sum(sum_baseline) as bigint) as sum_baseline
    from sums
    group by 1, 2
),

recipient_totals as (
    select
        campaign_key,
        cast(sum(delivery_count - 1) as bigint) as n_duplicate,
        count(*) filter (where is_short_history) as n_short_history,
        count(*) filter (where is_incomplete) as n_incomplete,
        count(*) filter (where has_overlap_pre) as n_overlap_pre,
        count(*) filter (where has_overlap_post) as n_overlap_post
    from recipients
    group by 1
),

-- statistics of other counts than today's are stale: they stay null until rerun
final as (
    select
        totals.campaign_key,
        totals.metric,
        campaigns.title, campaigns.layer_id, campaigns.sent_at,
        totals.n, totals.n_zero_both, totals.n_pre_active, totals.n_post_active,
        coalesce(recipient_totals.n_duplicate, 0) as n_duplicate,
        coalesce(recipient_totals.n_short_history, 0) as n_short_history,
        coalesce(recipient_totals.n_incomplete, 0) as n_incomplete,
        coalesce(recipient_totals.n_overlap_pre, 0) as n_overlap_pre,
        coalesce(recipient_totals.n_overlap_post, 0) as n_overlap_post,
        totals.sum_post, totals.sum_baseline,
        lift.run_id, lift.method_version,
        lift.baseline_mean, lift.post_mean, lift.baseline_sd, lift.post_sd,
        lift.corr, lift.lift_mean, lift.lift_median, lift.lift_sd, lift.lift_se,
        lift.t, lift.df, lift.p_value, lift.log10_p, lift.q_value,
        lift.family_size, lift.ci_lo, lift.ci_hi,
        lift.pct_lift, lift.pct_lo, lift.pct_hi, lift.pct_status,
        lift.d_z, lift.g_z, lift.d_z_lo, lift.d_z_hi, lift.d_av,
        lift.power_target, lift.n_required, lift.mde_abs, lift.mde_pct,
        lift.observed_status
    from totals
    inner join campaigns
        on totals.campaign_key = campaigns.campaign_key
    left join recipient_totals
        on totals.campaign_key = recipient_totals.campaign_key
    left join lift
        on
            totals.campaign_key = lift.campaign_key
            and totals.metric = lift.metric
            and totals.n = lift.n
            and totals.sum_post = lift.sum_post
            and totals.sum_baseline = lift.sum_baseline
)

select * from final
