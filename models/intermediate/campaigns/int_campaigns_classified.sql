with

campaigns as (select * from {{ ref('int_campaigns_summarised') }}),

rules as (select * from {{ ref('content_class_rules') }}),

ranked as (
    select
        campaigns.campaign_key,
        rules.content_class,
        row_number() over (
            partition by campaigns.campaign_key
            order by rules.priority
        ) as rule_rank
    from campaigns
    left join rules
        on lower(campaigns.push_title) like rules.pattern
),

final as (
    select
        campaign_key,
        coalesce(content_class, 'other') as content_class
    from ranked
    where rule_rank = 1
)

select * from final
