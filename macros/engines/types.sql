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


{% macro engine_type(type) %}
    {#- What the engine calls a type of the YAML files. -#}
    {% if target.type == 'spark' %}
        {% set named_otherwise = {
            'text': 'string',
            'uuid': 'string',
            'timestamptz': 'timestamp',
            'double precision': 'double',
            'numeric': 'decimal(38, 9)',
        } %}
        {% do return(named_otherwise.get(type, type)) %}
    {% endif %}
    {% do return(type) %}
{% endmacro %}
