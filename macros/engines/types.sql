{#- The types that the engines call otherwise, as a cast names them. -#}
{% macro type_text() -%}
    {{ 'string' if target.type == 'spark' else 'text' }}
{%- endmacro %}


{% macro type_double() -%}
    {{ 'double' if target.type == 'spark' else 'double precision' }}
{%- endmacro %}


{% macro type_instant() -%}
    {#- A moment, whatever zone it is shown in. -#}
    {{ 'timestamp' if target.type == 'spark' else 'timestamptz' }}
{%- endmacro %}
