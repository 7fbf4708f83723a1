-- from the fact to the sums nobody and no event may get lost
with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

recipients as (select * from {{ ref('fct_push_recipients') }}),

windows as (
    select * from {{ ref('fct_push_windows') }}
    where is_included
),

sums as (select * from {{ ref('int_push_window_sums') }}),

expected as (
    select
        campaigns.campaign_key,
        campaigns.recipient_count,
        count(recipients.user_key) as recipients,
        count(*) filter (where recipients.is_included) as included
    from campaigns
    left join recipients
        on campaigns.campaign_key = recipients.campaign_key
    group by campaigns.campaign_key, campaigns.recipient_count
),

counted as (
    select
        campaign_key,
        metric,
        sum(baseline_count) as sum_baseline,
        sum(post_count) as sum_post
    from windows
    group by campaign_key, metric
),

summed as (
    select
        campaign_key,
        metric,
        sum(recipients) as recipients,
        sum(sum_baseline) as sum_baseline,
        sum(sum_post) as sum_post
    from sums
    group by campaign_key, metric
)

select
    expected.campaign_key,
    summed.metric,
    expected.recipient_count,
    expected.recipients,
    expected.included,
    summed.recipients as recipients_of_sums
from expected
left join summed
    on expected.campaign_key = summed.campaign_key
left join counted
    on
        summed.campaign_key = counted.campaign_key
        and summed.metric = counted.metric
where
    summed.metric is null
    or expected.recipient_count <> expected.recipients
    or expected.included <> summed.recipients
    or coalesce(counted.sum_baseline, 0) <> summed.sum_baseline
    or coalesce(counted.sum_post, 0) <> summed.sum_post
