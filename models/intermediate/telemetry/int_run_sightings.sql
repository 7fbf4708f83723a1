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
    where kind in ('model', 'seed', 'snapshot', 'test')
),

thresholds as (
    select * from {{ ref('telemetry_thresholds') }}
    where bucket = 'day'
),

-- an open alert lets the status fail, so that its failure would be another
ran as (
    select
        metric,
        run_id,
        split_part(tags, ', "status"', 1) || '}' as what,
        case
            when tags not like '%"status": "fail%' then null
            when metric = 'night.stage_seconds' then 'critical'
            when coalesce(run_id, '') not like 'night-%' then 'warning'
        end as severity,
        observed_at
    from {{ ref('fct_metric_samples') }}
    where
        metric in ('command.seconds', 'night.stage_seconds')
        and tags not like '{"command": "dbt.%'
        and tags not like '{"command": "steps.status"%'
),

red_runs as (
    select distinct run_id from nodes
    where status not in ('success', 'pass', 'warn', 'skipped')
),

-- one fault is told once: where a node failed not of the stage that ran it, and
-- where a stage failed not of its command
ended as (
    select
        ran.metric,
        ran.what as tags,
        case when red_runs.run_id is null then ran.severity end as severity,
        ran.observed_at
    from ran
    left join red_runs
        on
            ran.run_id = red_runs.run_id
            and split_part(ran.what, '"', 4)
            in ('build', 'marts', 'test', 'telemetry')
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

runs as (
    select
        kind,
        ran_at,
        count(*) as node_count,
        max(count(*)) over (partition by kind) as most_nodes
    from nodes
    group by kind, ran_at
),

-- what was not run for so long, while most of its kind were, is there no more
gone as (
    select
        last_runs.subject_id,
        last_runs.metric,
        last_runs.tags,
        min(runs.ran_at) as seen_at
    from last_runs
    cross join thresholds
    inner join runs
        on
            last_runs.kind = runs.kind
            and runs.node_count * 2 >= runs.most_nodes
            and last_runs.last_ran_at
            < runs.ran_at - thresholds.same_fault_days * interval '24 hours'
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
                then 'failing rows: ' || failure_count
            when status not in ('success', 'pass') then status
        end as message,
        ran_at as seen_at
    from nodes
    where status <> 'skipped'

    union all

    select
        md5(metric || ' ' || tags) as subject_id,
        case when max(severity) is not null then 'failed_run' end as kind,
        max(severity) as severity,
        metric,
        tags,
        case when max(severity) is not null then 'failed' end as message,
        observed_at as seen_at
    from ended
    group by metric, tags, observed_at

    union all

    select
        subject_id,
        cast(null as {{ type_text() }}) as kind,
        cast(null as {{ type_text() }}) as severity,
        metric,
        tags,
        cast(null as {{ type_text() }}) as message,
        seen_at
    from gone
)

select * from final
