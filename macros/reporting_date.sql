{% macro reporting_date(timestamp) -%}
    {#- Never the session's time zone: it differs from engine to engine. -#}
    cast({{ zone_time(timestamp, var("reporting_timezone", "UTC")) }} as date)
{%- endmacro %}
