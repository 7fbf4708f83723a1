with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

recipients as (
    select * from {{ ref('fct_push_recipients') }}
    where is_eligible_user
),

-- a campaign that reached nobody who counts keeps a row of zeros
final as (
    select
        campaigns.campaign_key,

        count(recipients.user_key) as recipients,
        cast(coalesce(sum(recipients.delivery_count - 1), 0) as bigint)
            as n_duplicate,
        count(*) filter (where recipients.is_short_history) as n_short_history,
        count(*) filter (where recipients.is_incomplete) as n_incomplete,
        count(*) filter (where recipients.has_overlap_pre) as n_overlap_pre,
        count(*) filter (where recipients.has_overlap_post) as n_overlap_post,
        count(*) filter (
            where recipients.is_included and recipients.is_overlapping
        ) as n_overlapping,
        count(*) filter (where recipients.is_included) as n_included
    from campaigns
    left join recipients
        on campaigns.campaign_key = recipients.campaign_key
    group by 1
)

select * from final
