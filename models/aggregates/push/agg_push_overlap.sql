with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

recipients as (
    select * from {{ ref('fct_push_recipients') }}
    where is_eligible_user
),

notifications as (select * from {{ ref('fct_notifications') }}),

parameters as (select * from {{ ref('push_parameters') }}),

surrounded as (
    select
        recipients.campaign_key,
        recipients.is_incomplete,
        recipients.has_overlap_post,
        recipients.is_overlapping,
        coalesce(
            notifications.previous_sent_at
            >= notifications.sent_at
            - parameters.post_hours * interval '1 hour',
            false
        ) as is_shortly_after,
        notifications.pushes_previous_30_days > 0 as is_within_month
    from recipients
    cross join parameters
    inner join notifications
        on
            recipients.campaign_key = notifications.campaign_key
            and recipients.user_key = notifications.user_key
),

counted as (
    select
        campaign_key,
        count(*) as recipients,
        count(*) filter (where is_incomplete) as n_incomplete,
        count(*) filter (where is_shortly_after) as n_before,
        count(*) filter (where has_overlap_post) as n_after,
        count(*) filter (where is_overlapping) as n_either,
        count(*) filter (where is_within_month) as n_month_before
    from surrounded
    group by 1
),

final as (
    select
        campaigns.campaign_key,

        campaigns.title,

        campaigns.layer_id,
        counted.recipients,
        counted.n_incomplete,
        cast(counted.n_before as {{ type_double() }}) / counted.recipients
            as push_before_share,
        cast(counted.n_after as {{ type_double() }}) / counted.recipients
            as push_after_share,
        cast(counted.n_either as {{ type_double() }}) / counted.recipients
            as push_either_share,
        cast(counted.n_month_before as {{ type_double() }}) / counted.recipients
            as push_month_before_share,

        campaigns.sent_at
    from campaigns
    inner join counted
        on campaigns.campaign_key = counted.campaign_key
)

select * from final
