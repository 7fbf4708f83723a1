with

sums as (select * from {{ ref('int_push_window_sums') }}),

recipient_counts as (select * from {{ ref('int_push_recipient_counts') }}),

inputs as (select * from {{ ref('int_push_campaign_inputs') }}),

as_of as (select * from {{ ref('int_as_of') }}),

observed as (select * from {{ ref('stg_lift__campaign_lift') }}),

adjusted as (select * from {{ ref('stg_lift__adjusted_lift') }}),

-- a campaign that nobody is included of has no input
current_adjusted as (
    select
        adjusted.campaign_key,
        adjusted.metric
    from adjusted
    inner join inputs
        on adjusted.campaign_key = inputs.campaign_key
    where
        adjusted.input_digest is null
        or adjusted.input_digest = inputs.input_digest
),

totals as (
    select
        campaign_key,
        metric,
        cast(sum(recipients) as bigint) as recipients,
        cast(sum(zero_both) as bigint) as recipients_inactive,
        cast(sum(baseline_active) as bigint) as recipients_active_before,
        cast(sum(post_active) as bigint) as recipients_active_after,
        cast(sum(sum_post) as bigint) as sum_post,
        cast(sum(sum_baseline) as bigint) as sum_baseline
    from sums
    group by 1, 2
),

final as (
    select
        totals.campaign_key,
        totals.metric,

        totals.recipients,
        totals.recipients_inactive,
        totals.recipients_active_before,
        totals.recipients_active_after,
        recipient_counts.n_short_history as recipients_short_history,
        recipient_counts.n_incomplete as recipients_incomplete,
        recipient_counts.n_overlap_pre as recipients_overlap_before,
        recipient_counts.n_overlap_post as recipients_overlap_after,
        recipient_counts.n_overlapping as recipients_overlapping,
        recipient_counts.n_duplicate as duplicate_deliveries,
        totals.sum_post,
        totals.sum_baseline,

        as_of.tracked_until_at is not null as is_tracked,
        observed.campaign_key is not null as is_observed_current,
        current_adjusted.campaign_key is not null as is_adjusted_current
    from totals
    cross join as_of
    inner join recipient_counts
        on totals.campaign_key = recipient_counts.campaign_key
    left join observed
        on
            totals.campaign_key = observed.campaign_key
            and totals.metric = observed.metric
            and totals.recipients = observed.recipients
            and totals.sum_post = observed.sum_post
            and totals.sum_baseline = observed.sum_baseline
    left join current_adjusted
        on
            observed.campaign_key = current_adjusted.campaign_key
            and observed.metric = current_adjusted.metric
)

select * from final
