{% macro reporting_date(timestamp) -%}
    {#- Never the session's time zone: it differs from engine to engine. -#}
    cast({{ timestamp }} at time zone '{{ var("reporting_timezone", "UTC") }}' as date)
{%- endmacro %}
