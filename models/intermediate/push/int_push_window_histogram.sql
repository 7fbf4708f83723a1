with

windows as (
    select * from {{ ref('fct_push_windows') }}
    where is_included
),

recipients as (
    select * from {{ ref('fct_push_recipients') }}
    where is_included
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

metrics as (
    select distinct metric from {{ ref('push_metrics') }}
),

-- counted before they are joined: there are far fewer counts than people
counted_windows as (
    select
        campaign_key,
        metric,
        baseline_hours,
        baseline_count,
        post_count,
        count(*) as recipients
    from windows
    group by 1, 2, 3, 4, 5
),

counted_recipients as (
    select
        campaign_key,
        baseline_hours,
        count(*) as recipients
    from recipients
    group by 1, 2
),

active as (
    select counted_windows.*
    from counted_windows
    inner join campaigns
        on counted_windows.campaign_key = campaigns.campaign_key
),

-- who has no window did nothing: all recipients less the active ones
balances as (
    select
        counted_recipients.campaign_key,
        metrics.metric,
        counted_recipients.baseline_hours,
        counted_recipients.recipients
    from counted_recipients
    inner join campaigns
        on counted_recipients.campaign_key = campaigns.campaign_key
    cross join metrics

    union all

    select campaign_key, metric, baseline_hours, -recipients as recipients
    from active
),

final as (
    select
        campaign_key,
        metric,

        baseline_hours,
        baseline_count,
        post_count,
        recipients
    from active

    union all

    select
        campaign_key,
        metric,

        baseline_hours,
        cast(0 as bigint) as baseline_count,
        cast(0 as bigint) as post_count,
        cast(sum(recipients) as bigint) as recipients
    from balances
    group by 1, 2, 3
    having sum(recipients) > 0
)

select * from final
