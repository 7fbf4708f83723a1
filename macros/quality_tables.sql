{% macro quality_tables(table_rows, as_of) -%}
    {#- What lies far beyond either end stands for "never", not for a time. -#}
    select
        dated_rows.subject,

        count(*) filter (where dated_rows.created_at <= {{ as_of }}.as_of)
            as row_count,
        count(*) filter (
            where dated_rows.created_at <= {{ as_of }}.as_of
            and dated_rows.deleted_at <= {{ as_of }}.as_of
        ) as deleted_count,
        count(*) filter (
            where dated_rows.created_at <= {{ as_of }}.as_of
            or dated_rows.newest_at > {{ as_of }}.plausible_until_at
        ) as dated_count,
        count(*) filter (
            where dated_rows.newest_at > {{ as_of }}.plausible_until_at
            and dated_rows.newest_at < timestamptz '2100-01-01 00:00:00+00'
        ) as future_count,
        count(*) filter (
            where dated_rows.newest_at >= timestamptz '2100-01-01 00:00:00+00'
            or dated_rows.oldest_at < timestamptz '2000-01-01 00:00:00+00'
        ) as sentinel_count
    from (
        select
            subject,
            created_at,
            deleted_at,
            least(created_at, updated_at, deleted_at) as oldest_at,
            greatest(created_at, updated_at, deleted_at) as newest_at
        from {{ table_rows }}
    ) as dated_rows
    cross join {{ as_of }}
    group by dated_rows.subject
{%- endmacro %}
