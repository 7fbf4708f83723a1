{% macro bucket_start(timestamp, period) -%}
    {#- UTC, whatever the session's zone: every day has 24 hours. -#}
    date_trunc('{{ period }}', {{ timestamp }} at time zone 'UTC')
    at time zone 'UTC'
{%- endmacro %}
