with

jobs as (select * from {{ ref('stg_neon__push_jobs') }}),

batches as (select * from {{ ref('stg_neon__push_job_batches') }}),

campaigns as (select * from {{ ref('int_campaigns_summarised') }}),

parameters as (select * from {{ ref('push_parameters') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- those of the log as it was read last; a job in progress had not written all
-- of them yet
batch_counts as (
    select
        batches.job_id,
        sum(batches.success_count) as success_count,
        sum(batches.failure_count) as failure_count
    from batches
    cross join as_of
    inner join jobs
        on
            batches.job_id = jobs.job_id
            and batches.file_hash = jobs.file_hash
    where coalesce(batches.sent_at <= as_of.as_of, true)
    group by 1
),

-- of the campaigns with its title, and its layer if both name one, the nearest
-- in time
candidates as (
    select
        jobs.job_id,
        campaigns.campaign_key,
        coalesce(jobs.layer_id, campaigns.layer_id) as layer_id,
        row_number() over (
            partition by jobs.job_id
            order by
                greatest(
                    campaigns.first_sent_at - jobs.started_at,
                    jobs.started_at - campaigns.last_sent_at
                ),
                campaigns.campaign_key
        ) as match_rank
    from jobs
    cross join parameters
    inner join campaigns
        on
            jobs.push_title = campaigns.push_title
            and coalesce(jobs.layer_id = campaigns.layer_id, true)
            and jobs.started_at
            >= campaigns.first_sent_at
            - parameters.campaign_gap_minutes * interval '1 minute'
            and jobs.started_at <= campaigns.last_sent_at
),

final as (
    select
        jobs.job_id,
        candidates.campaign_key,

        candidates.layer_id,
        -- the summary of a job in progress may still say 0
        cast(
            coalesce(batch_counts.success_count, jobs.success_count, 0)
            as bigint
        ) as success_count,
        cast(
            coalesce(batch_counts.failure_count, jobs.failure_count, 0)
            as bigint
        ) as failure_count,

        jobs.is_dry_run
    from candidates
    inner join jobs
        on candidates.job_id = jobs.job_id
    left join batch_counts
        on candidates.job_id = batch_counts.job_id
    where candidates.match_rank = 1
)

select * from final
