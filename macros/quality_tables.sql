{% macro quality_tables(table_rows, as_of) -%}
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
            or dated_rows.has_implausible_time
        ) as dated_count,
        count(*) filter (
            where dated_rows.newest_at > {{ as_of }}.plausible_until_at
        ) as future_count,
        count(*) filter (where dated_rows.has_implausible_time)
            as sentinel_count
    from (
        select
            subject,
            created_at,
            deleted_at,
            has_implausible_time,
            greatest(created_at, updated_at, deleted_at) as newest_at
        from {{ table_rows }}
    ) as dated_rows
    cross join {{ as_of }}
    group by dated_rows.subject
{%- endmacro %}
