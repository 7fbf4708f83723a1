{% set hour = 3600 * 1000000 %}
{%- set before = 'partition by user_key, metric order by happened_us' %}

with

recipients as (
    select * from {{ ref('fct_push_recipients') }}
    where is_included
),

activity as (select * from {{ ref('int_push_activity') }}),

windows as (select * from {{ ref('fct_push_windows') }}),

sums as (
    select * from {{ ref('int_push_window_sums') }}
    where recipients > 0
),

parameters as (select * from {{ ref('push_parameters') }}),

active_users as (select distinct user_key, metric from activity),

-- windows over integers are ten times faster than over times
stream as (
    select
        recipients.campaign_key, recipients.user_key, active_users.metric,
        recipients.baseline_hours,
        {{ epoch_us('recipients.sent_at') }} as happened_us,
        0 as event_count
    from recipients
    inner join active_users
        on recipients.user_key = active_users.user_key

    union all

    select
        null as campaign_key, user_key, metric, null as baseline_hours,
        {{ epoch_us('occurred_at') }} as happened_us,
        1 as event_count
    from activity
),

-- no window holds its last instant
counted as (
    select
        campaign_key,
        user_key,
        metric,
        {% for week in [1, 2, 3, 4] %}
            coalesce(
                sum(event_count) over (
                    {{ before }} range between {{ 168 * week * hour }} preceding
                    and {{ (168 * week - 48) * hour + 1 }} preceding
                ), 0
            ) as count_{{ week }},
        {% endfor %}
        least(4, floor(baseline_hours / 168.0)) as weeks
    from stream
),

-- only weeks that were observed whole, scaled to twelve, which is exact
matched as (
    select
        counted.campaign_key,
        counted.metric,
        coalesce(windows.post_count, 0) as post_count,
        cast(
            case counted.weeks
                when 1 then 12 * counted.count_1
                when 2 then 6 * (counted.count_1 + counted.count_2)
                when 3
                    then
                        4 * (
                            counted.count_1 + counted.count_2
                            + counted.count_3
                        )
                else
                    3 * (
                        counted.count_1 + counted.count_2
                        + counted.count_3 + counted.count_4
                    )
            end as bigint
        ) as matched_count
    from counted
    left join windows
        on
            counted.campaign_key = windows.campaign_key
            and counted.user_key = windows.user_key
            and counted.metric = windows.metric
    where counted.campaign_key is not null
),

matched_sums as (
    select
        campaign_key,
        metric,
        sum(matched_count) as sum_baseline,
        sum(matched_count * matched_count) as sum_baseline_squared,
        sum(post_count * matched_count) as sum_post_baseline
    from matched
    group by campaign_key, metric
),

-- of everybody, whatever the length of their own baseline
totals as (
    select
        campaign_key,
        metric,
        sum(recipients) as recipients,
        sum(sum_post) as sum_post,
        sum(sum_post_squared) as sum_post_squared,
        sum(post_active) as post_active
    from sums
    group by campaign_key, metric
),

final as (
    select
        totals.campaign_key,
        totals.metric,

        cast(12 * parameters.post_hours as bigint) as baseline_hours,
        cast(totals.recipients as bigint) as recipients,
        cast(totals.sum_post as bigint) as sum_post,
        cast(coalesce(matched_sums.sum_baseline, 0) as bigint)
            as sum_baseline,
        cast(totals.sum_post_squared as bigint) as sum_post_squared,
        cast(coalesce(matched_sums.sum_baseline_squared, 0) as bigint)
            as sum_baseline_squared,
        cast(coalesce(matched_sums.sum_post_baseline, 0) as bigint)
            as sum_post_baseline,
        cast(totals.post_active as bigint) as post_active
    from totals
    cross join parameters
    left join matched_sums
        on
            totals.campaign_key = matched_sums.campaign_key
            and totals.metric = matched_sums.metric
)

select * from final
