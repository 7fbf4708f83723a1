with

notifications as (select * from {{ ref('stg_neon__notifications') }}),

as_of as (select * from {{ ref('int_as_of') }}),

campaigns as (select * from {{ ref('dim_campaigns') }}),

facts as (select * from {{ ref('fct_notifications') }}),

sent as (
    select count(*) as deliveries
    from notifications
    cross join as_of
    where notifications.sent_at <= as_of.as_of
),

by_campaign as (
    select
        coalesce(sum(delivery_count), 0) as deliveries,
        coalesce(sum(recipient_count), 0) as recipients
    from campaigns
),

by_fact as (
    select
        coalesce(sum(delivery_count), 0) as deliveries,
        count(*) as recipients
    from facts
)

select
    sent.deliveries as sent,
    by_campaign.deliveries as deliveries_of_campaigns,
    by_fact.deliveries as deliveries_of_facts,
    by_campaign.recipients as recipients_of_campaigns,
    by_fact.recipients as recipients_of_facts
from sent
cross join by_campaign
cross join by_fact
where
    sent.deliveries <> by_campaign.deliveries
    or sent.deliveries <> by_fact.deliveries
    or by_campaign.recipients <> by_fact.recipients
