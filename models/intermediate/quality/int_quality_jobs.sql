with

jobs as (select * from {{ ref('stg_neon__push_jobs') }}),

executions as (select * from {{ ref('stg_neon__automation_executions') }}),

campaigns as (select * from {{ ref('dim_campaigns') }}),

linked_jobs as (select * from {{ ref('int_campaign_jobs_linked') }}),

as_of as (select * from {{ ref('int_as_of') }}),

periods as (
    select
        started_at,
        ended_at
    from jobs

    union all

    select
        started_at,
        completed_at as ended_at
    from executions
),

-- a job of a single device is somebody's test before the real thing
logged as (
    select
        campaign_key,
        sum(success_count) as success_count
    from linked_jobs
    where not is_dry_run and success_count + failure_count > 1
    group by 1
),

-- each delivery that only the sends know, or only the logs, is one that differs
final as (
    select
        'job_times' as check_name,
        cast(null as {{ type_text() }}) as subject,

        count(*) filter (
            where coalesce(periods.started_at <= periods.ended_at, true)
            and periods.started_at is not null
        ) as numerator,
        count(*) as denominator
    from periods
    cross join as_of
    where coalesce(periods.started_at <= as_of.as_of, true)
    having count(*) > 0

    union all

    select
        'job_deliveries' as check_name,
        cast(null as {{ type_text() }}) as subject,

        cast(
            sum(least(campaigns.delivery_count, logged.success_count)) as bigint
        ) as numerator,
        cast(
            sum(greatest(campaigns.delivery_count, logged.success_count))
            as bigint
        ) as denominator
    from campaigns
    inner join logged
        on campaigns.campaign_key = logged.campaign_key
    where not campaigns.is_test
    having count(*) > 0
)

select * from final
