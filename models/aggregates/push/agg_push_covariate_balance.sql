with

counts as (select * from {{ ref('int_push_campaign_counts') }}),

balance as (select * from {{ ref('stg_lift__covariate_balance') }}),

final as (
    select
        balance.campaign_key,
        balance.metric,

        balance.covariate,

        balance.recipient_mean,
        balance.control_mean_before,
        balance.control_mean_after,
        balance.smd_before,
        balance.smd_after
    from balance
    inner join counts
        on
            balance.campaign_key = counts.campaign_key
            and balance.metric = counts.metric
    where counts.is_adjusted_current
)

select * from final
