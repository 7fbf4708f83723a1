{% macro milliseconds_of(column) -%}
    {#- A time as {{ type_text() }} would be in the session's zone. -#}
    cast(
        cast(floor({{ epoch_us(column) }} / 1000.0) as bigint) as {{ type_text() }}
    )
{%- endmacro %}
