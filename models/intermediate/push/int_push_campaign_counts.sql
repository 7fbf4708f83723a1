with

sums as (select * from {{ ref('int_push_window_sums') }}),

recipient_counts as (select * from {{ ref('int_push_recipient_counts') }}),

inputs as (select * from {{ ref('int_push_campaign_inputs') }}),

as_of as (select * from {{ ref('int_as_of') }}),

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

final as (
    select
        totals.campaign_key,
        totals.metric,
        inputs.input_digest,

        totals.n,
        totals.n_zero_both,
        totals.n_pre_active,
        totals.n_post_active,
        recipient_counts.n_duplicate,
        recipient_counts.n_short_history,
        recipient_counts.n_incomplete,
        recipient_counts.n_overlap_pre,
        recipient_counts.n_overlap_post,
        recipient_counts.n_crowded,
        totals.sum_post,
        totals.sum_baseline,

        as_of.tracked_until_at is not null as is_tracked
    from totals
    cross join as_of
    inner join recipient_counts
        on totals.campaign_key = recipient_counts.campaign_key
    inner join inputs
        on totals.campaign_key = inputs.campaign_key
)

select * from final
