{% macro bucket_start(timestamp, period) -%}
    {#- UTC, whatever the session's zone: every day has 24 hours. -#}
    {{ instant_of(
        "date_trunc('" ~ period ~ "', " ~ zone_time(timestamp) ~ ')'
    ) }}
{%- endmacro %}
