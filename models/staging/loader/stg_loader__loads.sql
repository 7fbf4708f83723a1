{% set sources = [] %}
{% for system, parts in source_systems().items() %}
    {% do sources.append(parts.source or system) %}
{% endfor %}
with

unioned as (
    {#- By name: a column that came later is the last of an older table. -#}
    {% for name in sources | unique | list + ['telemetry'] %}
        select
            '{{ name }}' as source_name,
            table_name,
            origin,
            run_id,
            data_origin,
            hash_key_id,
            rows_new,
            rows_changed,
            rows_deleted,
            rows_rejected,
            rows_live,
            is_reconciled,
            started_at,
            finished_at,
            known_until_at
        from {{ source(name, '_loads') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

renamed as (
    select
        source_name,
        table_name,
        run_id,

        data_origin,
        hash_key_id,

        case
            when source_name = 'telemetry' then null
            when source_name = 'posthog' then 'posthog'
            when origin = 'cadence' then 'push'
            when origin = 'files' then 'push_files'
            else origin
        end as source_system,

        rows_new as new_row_count,
        rows_changed as changed_row_count,
        rows_deleted as deleted_row_count,
        rows_rejected as rejected_row_count,
        rows_live as live_row_count,

        is_reconciled,

        started_at,
        finished_at,
        known_until_at
    from unioned
)

select * from renamed
