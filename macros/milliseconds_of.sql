{% macro milliseconds_of(column) -%}
    {#- A time as text would be in the session's zone. -#}
    cast(cast(floor(extract(epoch from {{ column }}) * 1000) as bigint) as text)
{%- endmacro %}
