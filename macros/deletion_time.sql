{% macro deletion_time() -%}
    coalesce({{ plausible_time('deleted_at') }}, _deleted_in_source_at)
{%- endmacro %}
