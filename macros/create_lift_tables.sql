{% macro create_lift_tables() %}
    {#- As the sources of staging declare them, and nowhere else. -#}
    {% set statements = ['create schema if not exists lift'] %}
    {% if execute %}
        {% for table in graph.sources.values() if table.schema == 'lift' %}
            {% set columns = [] %}
            {% for column in table.columns.values() %}
                {% do columns.append(column.name ~ ' ' ~ column.data_type) %}
            {% endfor %}
            {% do statements.append(
                'create table if not exists lift.' ~ table.name
                ~ ' (' ~ columns | join(', ') ~ ')'
            ) %}
        {% endfor %}
    {% endif %}
    {% do return(drop_outdated_tables() ~ statements | join(';\n')) %}
{% endmacro %}
