{% macro create_step_tables() %}
    {#- As the sources of staging declare them, and nowhere else. -#}
    {% set schemas = ['lift', 'insights', 'production'] %}
    {% set statements = drop_outdated_tables() %}
    {% for schema in schemas %}
        {% do statements.append('create schema if not exists ' ~ schema) %}
    {% endfor %}
    {% if execute %}
        {% for table in graph.sources.values() if table.schema in schemas %}
            {% set columns = [] %}
            {% for column in table.columns.values() %}
                {% do columns.append(
                    column.name ~ ' ' ~ engine_type(column.data_type)
                ) %}
            {% endfor %}
            {% do statements.append(
                'create table if not exists ' ~ table.schema ~ '.' ~ table.name
                ~ ' (' ~ columns | join(', ') ~ ') ' ~ table_format()
            ) %}
        {% endfor %}
    {% endif %}
    {% do return(run_statements(statements)) %}
{% endmacro %}
