with

campaigns as (select * from {{ ref('int_campaigns_summarised') }}),

automations as (select * from {{ ref('int_campaign_automations_linked') }}),

jobs as (select * from {{ ref('int_campaign_jobs_linked') }}),

-- logs that name several layers prove none
logged_layers as (
    select
        campaign_key,
        min(layer_id) as layer_id
    from jobs
    group by 1
    having count(distinct layer_id) = 1
),

namesakes as (
    select
        campaigns.campaign_key,
        namesakes.layer_id,
        row_number() over (
            partition by campaigns.campaign_key
            order by
                greatest(
                    campaigns.first_sent_at - namesakes.first_sent_at,
                    namesakes.first_sent_at - campaigns.first_sent_at
                ),
                namesakes.layer_id
        ) as nearness
    from campaigns
    inner join campaigns as namesakes
        on campaigns.push_title = namesakes.push_title
    where campaigns.layer_id is null and namesakes.layer_id is not null
),

inferred as (
    select
        campaigns.campaign_key,
        coalesce(
            automations.layer_id, logged_layers.layer_id, namesakes.layer_id
        ) as layer_id
    from campaigns
    left join automations
        on campaigns.campaign_key = automations.campaign_key
    left join logged_layers
        on campaigns.campaign_key = logged_layers.campaign_key
    left join namesakes
        on
            campaigns.campaign_key = namesakes.campaign_key
            and namesakes.nearness = 1
    where campaigns.layer_id is null
),

final as (
    select
        campaigns.campaign_key,

        campaigns.push_title,

        coalesce(campaigns.layer_id, inferred.layer_id) as layer_id,
        campaigns.delivery_count,
        campaigns.recipient_count,
        campaigns.sent_weekday,
        campaigns.sent_hour,

        inferred.layer_id is not null as is_layer_inferred,

        campaigns.first_sent_at,
        campaigns.last_sent_at
    from campaigns
    left join inferred
        on campaigns.campaign_key = inferred.campaign_key
)

select * from final
