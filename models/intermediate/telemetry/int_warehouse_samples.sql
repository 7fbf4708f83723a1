{%- set of_table = {'source': 'source_name', 'table': 'table_name'} -%}
{%- set of_call = {
    'model': 'model', 'purpose': 'purpose', 'status': 'status'
} -%}
with

loads as (
    select
        *,
        {{ milliseconds_of('started_at') }} as source_key
    from {{ ref('stg_loader__loads') }}
    where finished_at is not null
),

loads_of_sources as (
    select
        source_name,
        source_key,
        max(run_id) as run_id,
        max(finished_at) as finished_at,
        {{ seconds_between('min(started_at)', 'max(finished_at)') }} as seconds
    from loads
    group by 1, 2
),

runs as (
    select
        *,
        run_id || ' ' || {{ milliseconds_of('ran_at') }} as source_key,
        max(failure_count) over (partition by kind, node) as most_failures
    from {{ ref('stg_production__node_runs') }}
),

commands as (
    select * from runs
    where kind = 'command'
),

nodes as (
    select * from runs
    where kind in ('model', 'seed', 'snapshot') and status <> 'skipped'
),

-- of a test that never failed there is nothing to compare
tests as (
    select * from runs
    where most_failures > 0
),

stages as (
    select
        *,
        -- as `make night` calls its run
        'night-' || cast(night as {{ type_text() }}) as run_id,
        cast(night as {{ type_text() }}) as source_key,
        {{ seconds_between('started_at', 'ended_at') }} as seconds
    from {{ ref('stg_production__night_stages') }}
    where status in ('success', 'failed')
),

calls as (
    select
        *,
        cast(null as {{ type_text() }}) as run_id,
        cache_key || ' ' || cast(attempt as {{ type_text() }}) as source_key,
        latency_ms / 1000.0 as seconds
    from {{ ref('stg_insights__calls') }}
),

unioned as (
    {% for metric, table, value, observed_at, tags in [
        ('load.rows_new', 'loads', 'new_row_count', 'finished_at', of_table),
        ('load.rows_changed', 'loads', 'changed_row_count', 'finished_at', of_table),
        ('load.rows_deleted', 'loads', 'deleted_row_count', 'finished_at', of_table),
        ('load.rows_rejected', 'loads', 'rejected_row_count', 'finished_at', of_table),
        ('load.seconds', 'loads_of_sources', 'seconds', 'finished_at',
         {'source': 'source_name'}),
        ('command.seconds', 'commands', 'seconds', 'ran_at',
         {'command': 'node', 'status': 'status'}),
        ('dbt.node_seconds', 'nodes', 'seconds', 'ran_at',
         {'kind': 'kind', 'node': 'node', 'status': 'status'}),
        ('dbt.node_rows', 'nodes', 'row_count', 'ran_at',
         {'kind': 'kind', 'node': 'node'}),
        ('dbt.test_failures', 'tests', 'failure_count', 'ran_at', {'node': 'node'}),
        ('night.stage_seconds', 'stages', 'seconds', 'ended_at',
         {'stage': 'stage', 'status': 'status'}),
        ('llm.calls', 'calls', '1', 'called_at', of_call),
        ('llm.latency', 'calls', 'seconds', 'called_at', of_call),
        ('llm.tokens', 'calls', 'input_tokens', 'called_at',
         dict(of_call, direction="'input'")),
        ('llm.tokens', 'calls', 'output_tokens', 'called_at',
         dict(of_call, direction="'output'")),
    ] %}
        select
            '{{ metric }}' as metric,
            cast({{ value }} as {{ type_double() }}) as value,
            {{ observed_at }} as observed_at,
            {{ metric_tags(tags) }} as tags,
            run_id,
            source_key
        from {{ table }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        md5(metric || ' ' || tags || ' ' || source_key) as sample_id,
        md5(metric || ' ' || tags) as series_id,

        metric,
        value,
        observed_at,

        tags,
        run_id
    from unioned
    -- what nobody counted is no sample, neither is it 0
    where value is not null
)

select * from final
