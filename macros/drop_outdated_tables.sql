{% macro drop_outdated_tables() %}
    {#- Tables that a build keeps, but not one with columns of an older version:
        those of the statistics step, and incremental models. What was in them is
        computed anew. What cannot be stays: the answers of a model, which were paid
        for, and models of a history, which take new columns. -#}
    {% set drops = [] %}
    {% if execute %}
        {% set kept = [] %}
        {% for table in graph.sources.values() if table.schema == 'lift' %}
            {% do kept.append(table) %}
        {% endfor %}
        {% for model in graph.nodes.values()
            if model.config.materialized == 'incremental'
            and model.config.on_schema_change == 'fail' %}
            {% do kept.append(model) %}
        {% endfor %}
        {% for node in kept %}
            {% set name = node.alias or node.name %}
            {% set table = load_relation(
                api.Relation.create(target.database or none, node.schema, name)
            ) %}
            {% if table %}
                {% set nulls = [] %}
                {% for column in node.columns.values() %}
                    {% do nulls.append(
                        'cast(null as ' ~ engine_type(column.data_type) ~ ') as '
                        ~ column.name
                    ) %}
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
                        node.schema ~ '.' ~ name ~ ' has the columns of another '
                        ~ 'version: it is computed anew'
                    ) %}
                    {% do drops.append(drop_statement('table', table)) %}
                    {% do adapter.cache_dropped(table) %}
                {% endif %}
            {% endif %}
        {% endfor %}
        {% do end_transaction() %}
    {% endif %}
    {% do return(drops) %}
{% endmacro %}
