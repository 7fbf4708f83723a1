{% macro plausible_time(column) -%}
    case
        when not {{ has_implausible_time(column) }} then {{ column }}
    end
{%- endmacro %}
