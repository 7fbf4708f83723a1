with

holdouts as (select * from {{ ref('push_holdouts') }}),

campaigns as (select * from {{ ref('dim_campaigns') }}),

-- who was drawn before the campaign had a key
final as (
    select
        campaigns.campaign_key,
        holdouts.account_hash,

        holdouts.planned_share
    from holdouts
    inner join campaigns
        on
            holdouts.push_title = campaigns.title
            and holdouts.send_date
            = cast({{ zone_time('campaigns.sent_at') }} as date)
)

select * from final
