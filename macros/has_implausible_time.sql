{% macro has_implausible_time() -%}
    {#- 0001-01-01 is the zero of Go and .NET; others write 1970 or 9999. -#}
    ({% for column in varargs -%}
        coalesce(
            {{ column }} < cast('2000-01-01 00:00:00+00' as {{ type_instant() }})
            or {{ column }} >= cast('2100-01-01 00:00:00+00' as {{ type_instant() }}),
            false
        ){{ ' or ' if not loop.last }}
    {%- endfor %})
{%- endmacro %}
