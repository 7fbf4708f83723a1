with

jobs as (select * from {{ ref('int_campaign_jobs_linked') }}),

automations as (select * from {{ ref('int_campaign_automations_linked') }}),

layers as (select * from {{ ref('stg_neon__notification_layers') }}),

parameters as (select * from {{ ref('push_parameters') }}),

campaigns as (select * from {{ ref('int_campaigns_summarised') }}),

rules as (select * from {{ ref('content_class_rules') }}),

ranked as (
    select
        campaigns.campaign_key,
        rules.content_class,
        row_number() over (
            partition by campaigns.campaign_key
            order by rules.priority
        ) as match_rank
    from campaigns
    left join rules
        on lower(campaigns.push_title) like rules.pattern
),

content_classes as (
    select
        campaign_key,
        coalesce(content_class, 'other') as content_class
    from ranked
    where match_rank = 1
),

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
        ) as match_rank
    from campaigns
    inner join campaigns as namesakes
        on campaigns.push_title = namesakes.push_title
    where campaigns.layer_id is null and namesakes.layer_id is not null
),

layered as (
    select
        campaigns.campaign_key,
        coalesce(
            campaigns.layer_id,
            automations.layer_id,
            logged_layers.layer_id,
            namesakes.layer_id
        ) as layer_id
    from campaigns
    left join automations
        on campaigns.campaign_key = automations.campaign_key
    left join logged_layers
        on campaigns.campaign_key = logged_layers.campaign_key
    left join namesakes
        on
            campaigns.campaign_key = namesakes.campaign_key
            and namesakes.match_rank = 1
),

-- a dry run counts every token as delivered
job_totals as (
    select
        campaign_key,
        count(*) as job_count,
        count(*) filter (where is_dry_run) as dry_run_job_count,
        sum(success_count) filter (where not is_dry_run) as job_success_count,
        sum(failure_count) filter (where not is_dry_run) as job_failure_count
    from jobs
    group by 1
),

final as (
    select
        campaigns.campaign_key,
        automations.automation_id,
        automations.execution_id as automation_execution_id,

        campaigns.push_title as title,
        content_classes.content_class,
        layers.layer_name,
        automations.automation_name,

        layered.layer_id,
        campaigns.recipient_count,
        campaigns.delivery_count,
        campaigns.delivery_count - campaigns.recipient_count as duplicate_count,
        coalesce(job_totals.job_count, 0) as job_count,
        coalesce(job_totals.dry_run_job_count, 0) as dry_run_job_count,
        cast(coalesce(job_totals.job_success_count, 0) as bigint)
            as job_success_count,
        cast(coalesce(job_totals.job_failure_count, 0) as bigint)
            as job_failure_count,
        campaigns.sent_weekday,
        campaigns.sent_hour,

        campaigns.layer_id is null
        and layered.layer_id is not null as is_layer_inferred,
        coalesce(layered.layer_id = 4, false)
        or campaigns.recipient_count < parameters.min_campaign_recipients
        or (
            coalesce(job_totals.dry_run_job_count = job_totals.job_count, false)
            -- a live automation may log nothing but its rehearsal
            and coalesce(automations.execution_mode, '') <> 'live-send'
        ) as is_test,

        campaigns.first_sent_at as sent_at,
        campaigns.last_sent_at
    from campaigns
    cross join parameters
    inner join layered
        on campaigns.campaign_key = layered.campaign_key
    left join content_classes
        on campaigns.campaign_key = content_classes.campaign_key
    left join layers
        on layered.layer_id = layers.layer_id
    left join automations
        on campaigns.campaign_key = automations.campaign_key
    left join job_totals
        on campaigns.campaign_key = job_totals.campaign_key
)

select * from final
