{% macro get_incremental_keep_and_append_sql(arg_dict) %}
    {#- dbt finds a strategy by this name. -#}
    {%- set columns = get_quoted_csv(
        arg_dict.dest_columns | map(attribute='name')
    ) -%}
    delete from {{ arg_dict.target_relation }} where not ({{ kept_condition() }});
    insert into {{ arg_dict.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arg_dict.temp_relation }}
{% endmacro %}


{% macro kept_condition() -%}
    {{ render(config.get('keep_where')) }}
{%- endmacro %}
