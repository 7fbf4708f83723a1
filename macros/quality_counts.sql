{% macro quality_counts(dated_rows, as_of) -%}
    {#- What lies far beyond either end stands for "never", not for a time. -#}
    count(*) filter (where {{ dated_rows }}.created_at <= {{ as_of }}.as_of)
        as row_count,
    count(*) filter (
        where {{ dated_rows }}.created_at <= {{ as_of }}.as_of
        and {{ dated_rows }}.deleted_at <= {{ as_of }}.as_of
    ) as deleted_count,
    count(*) filter (
        where {{ dated_rows }}.created_at <= {{ as_of }}.as_of
        or {{ dated_rows }}.newest_at > {{ as_of }}.plausible_until_at
    ) as dated_count,
    count(*) filter (
        where {{ dated_rows }}.newest_at > {{ as_of }}.plausible_until_at
        and {{ dated_rows }}.newest_at < timestamptz '2100-01-01 00:00:00+00'
    ) as future_count,
    count(*) filter (
        where {{ dated_rows }}.newest_at >= timestamptz '2100-01-01 00:00:00+00'
        or {{ dated_rows }}.oldest_at < timestamptz '2000-01-01 00:00:00+00'
    ) as sentinel_count
{%- endmacro %}
