with

campaigns as (select * from {{ ref('int_campaigns_layered') }}),

jobs as (select * from {{ ref('int_campaign_jobs_linked') }}),

automations as (select * from {{ ref('int_campaign_automations_linked') }}),

layers as (select * from {{ ref('stg_neon__notification_layers') }}),

content_classes as (select * from {{ ref('int_campaigns_classified') }}),

parameters as (select * from {{ ref('push_parameters') }}),

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

        campaigns.layer_id,
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

        campaigns.is_layer_inferred,
        coalesce(campaigns.layer_id = 4, false)
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
    left join content_classes
        on campaigns.campaign_key = content_classes.campaign_key
    left join layers
        on campaigns.layer_id = layers.layer_id
    left join automations
        on campaigns.campaign_key = automations.campaign_key
    left join job_totals
        on campaigns.campaign_key = job_totals.campaign_key
)

select * from final
