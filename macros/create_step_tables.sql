{% macro create_step_tables() %}
    {#- As the sources of staging declare them, and nowhere else. -#}
    {% set schemas = ['lift', 'insights', 'production'] %}
    {% set statements = [] %}
    {% for schema in schemas %}
        {% do statements.append('create schema if not exists ' ~ schema) %}
    {% endfor %}
    {% if execute %}
        {% for table in graph.sources.values() if table.schema in schemas %}
            {% set columns = [] %}
            {% for column in table.columns.values() %}
                {% do columns.append(column.name ~ ' ' ~ column.data_type) %}
            {% endfor %}
            {% do statements.append(
                'create table if not exists ' ~ table.schema ~ '.' ~ table.name
                ~ ' (' ~ columns | join(', ') ~ ')'
            ) %}
        {% endfor %}
    {% endif %}
    {% do return(drop_outdated_tables() ~ statements | join(';\n')) %}
{% endmacro %}
