{% macro drop_outdated_tables(ddl) %}
    {#- Tables that a build keeps, but not one with columns of an older version:
        those of `ddl`, and incremental models. What was in them is computed anew. -#}
    {% set drops = [] %}
    {% if execute %}
        {% set kept = [] %}
        {% for schema, name, columns in modules.re.findall(
            'create table if not exists (\\w+)\\.(\\w+) \\(([^;]*)\\);', ddl
        ) %}
            {% do kept.append((schema, name, modules.re.findall(
                '(\\w+) ([^,]*[^,\\s])', columns
            ))) %}
        {% endfor %}
        {% for model in graph.nodes.values()
            if model.config.materialized == 'incremental' %}
            {% set columns = [] %}
            {% for column in model.columns.values() %}
                {% do columns.append((column.name, column.data_type)) %}
            {% endfor %}
            {% do kept.append((model.schema, model.alias, columns)) %}
        {% endfor %}
        {% for schema, name, columns in kept %}
            {% set table = load_relation(
                api.Relation.create(target.database, schema, name)
            ) %}
            {% if table %}
                {% set nulls = [] %}
                {% for key, type in columns %}
                    {% do nulls.append('null::' ~ type ~ ' as ' ~ key) %}
                {% endfor %}
                {% set shapes = [] %}
                {% for query in (
                    'select ' ~ nulls | join(', '), 'select * from ' ~ table
                ) %}
                    {% set shape = [] %}
                    {% for found in get_column_schema_from_query(query) %}
                        {% do shape.append((found.name, found.data_type)) %}
                    {% endfor %}
                    {% do shapes.append(shape | sort) %}
                {% endfor %}
                {% if shapes[0] != shapes[1] %}
                    {% do print(
                        schema ~ '.' ~ name ~ ' has the columns of another version: '
                        ~ 'it is computed anew'
                    ) %}
                    {% do drops.append('drop table ' ~ table ~ ' cascade;\n') %}
                    {% do adapter.cache_dropped(table) %}
                {% endif %}
            {% endif %}
        {% endfor %}
        {#- What was asked began a transaction, which dbt rolls back. -#}
        {% do run_query('commit') %}
    {% endif %}
    {% do return(drops | join) %}
{% endmacro %}
