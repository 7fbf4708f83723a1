with

nodes as (
    select
        *,
        md5(kind || ' ' || node) as subject_id,
        case
            when kind = 'test' then 'dbt.test_failures'
            else 'dbt.node_seconds'
        end as metric,
        '{"node": "' || node || '"}' as tags
    from {{ ref('stg_production__node_runs') }}
    where kind <> 'command'
),

thresholds as (
    select * from {{ ref('telemetry_thresholds') }}
    where bucket = 'day'
),

-- an open alert lets the status fail, so that its failure would be another
commands as (
    select
        *,
        split_part(tags, ', "status"', 1) || '}' as what,
        split_part(tags, '"', 4) as stage_name,
        metric = 'night.stage_seconds' as is_stage,
        tags like '%"status": "fail%' as has_failed
    from {{ ref('fct_metric_samples') }}
    where
        metric in ('command.seconds', 'night.stage_seconds')
        and tags not like '{"command": "dbt.%'
        and tags not like '{"command": "steps.status"%'
),

red_nights as (
    select distinct run_id from nodes
    where status not in ('success', 'pass', 'warn', 'skipped')
),

-- one fault is told once: where a node failed not of the stage that ran it, and
-- where a stage failed not of its command
ended as (
    select
        commands.metric,
        commands.what as tags,
        commands.is_stage,
        commands.observed_at,
        commands.has_failed
        and case
            when not commands.is_stage
                then coalesce(commands.run_id, '') not like 'night-%'
            else
                red_nights.run_id is null
                or commands.stage_name not in ('build', 'marts', 'test')
        end as is_told
    from commands
    left join red_nights
        on commands.run_id = red_nights.run_id
),

last_runs as (
    select
        kind,
        subject_id,
        metric,
        tags,
        max(ran_at) as last_ran_at
    from nodes
    group by kind, subject_id, metric, tags
),

kinds as (
    select distinct
        kind,
        ran_at
    from nodes
),

-- what was not run for so long, while others of its kind were, is there no more
gone as (
    select
        last_runs.subject_id,
        last_runs.metric,
        last_runs.tags,
        min(kinds.ran_at) as seen_at
    from last_runs
    cross join thresholds
    inner join kinds
        on
            last_runs.kind = kinds.kind
            and last_runs.last_ran_at
            < kinds.ran_at - thresholds.same_fault_days * interval '24 hours'
    group by last_runs.subject_id, last_runs.metric, last_runs.tags
),

final as (
    select
        subject_id,
        case
            when status in ('success', 'pass') then null
            when kind = 'test' then 'failed_test'
            else 'failed_run'
        end as kind,
        case
            when status in ('success', 'pass') then null
            when status = 'warn' then 'warning'
            else 'critical'
        end as severity,
        metric,
        tags,
        case
            when failure_count > 0
                then 'failing rows: ' || cast(failure_count as text)
            when status not in ('success', 'pass') then status
        end as message,
        ran_at as seen_at
    from nodes
    where status <> 'skipped'

    union all

    select
        md5(metric || ' ' || tags) as subject_id,
        case when bool_or(is_told) then 'failed_run' end as kind,
        case
            when bool_or(is_told and is_stage) then 'critical'
            when bool_or(is_told) then 'warning'
        end as severity,
        metric,
        tags,
        case when bool_or(is_told) then 'failed' end as message,
        observed_at as seen_at
    from ended
    group by metric, tags, observed_at

    union all

    select
        subject_id,
        cast(null as text) as kind,
        cast(null as text) as severity,
        metric,
        tags,
        cast(null as text) as message,
        seen_at
    from gone
)

select * from final
