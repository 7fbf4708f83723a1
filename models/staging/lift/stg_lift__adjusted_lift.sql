with

source as (select * from {{ source('lift', 'adjusted_lift') }}),

renamed as (
    select
        campaign_key,
        metric,

        input_digest,
        design_tier,
        design_reason,
        headline_status,

        n_adjusted,
        n_controls,
        controls_ess,
        matched_share,
        smd_recency,
        smd_rate,
        smd_week,
        hb_diff_pct,
        hb_p,
        theta_baseline,
        theta_matched,
        theta_week,
        theta_day,
        theta_root_baseline,
        theta_long,
        theta_root_long,
        adj_lift,
        adj_se,
        adj_df,
        adj_lo,
        adj_hi,
        adj_p,
        adj_q,
        adj_pct,
        adj_pct_lo,
        adj_pct_hi,
        adj_mde_abs,
        adj_mde_pct,
        all_lift,
        all_lo,
        all_hi,
        placebo_k,
        placebo_mean,
        placebo_sd,
        placebo_tau,
        srm_p,

        is_contaminated,
        placebo_pass
    from source
)

select * from renamed
