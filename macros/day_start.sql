{% macro day_start(date) -%}
    {#- When a day of the reporting time zone begins. -#}
    {{ instant_of(
        'cast(' ~ date ~ ' as timestamp)', var("reporting_timezone", "UTC")
    ) }}
{%- endmacro %}
