{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- The layer is the schema, whoever builds it: BI reads `aggregates`. -#}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
