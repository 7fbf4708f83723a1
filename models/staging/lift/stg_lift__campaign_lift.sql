with

source as (select * from {{ source('lift', 'campaign_lift') }}),

renamed as (
    select
        campaign_key,
        metric,
        run_id,

        method_version,
        pct_status,
        observed_status,

        n,
        sum_post,
        sum_baseline,
        baseline_mean,
        post_mean,
        baseline_sd,
        post_sd,
        corr,
        lift_mean,
        lift_median,
        lift_sd,
        lift_se,
        t,
        df,
        p_value,
        log10_p,
        q_value,
        family_size,
        ci_lo,
        ci_hi,
        pct_lift,
        pct_lo,
        pct_hi,
        d_z,
        g_z,
        d_z_lo,
        d_z_hi,
        d_av,
        power_target,
        n_required,
        mde_abs,
        mde_pct
    from source
)

select * from renamed
