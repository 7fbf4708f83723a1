{% macro drop_stale_tables() %}
    {#- What an older version of the project left behind. -#}
    {% set made = [] %}
    {% for node in graph.nodes.values() if node.alias %}
        {% do made.append(node.schema ~ '.' ~ node.alias) %}
    {% endfor %}
    {% for table in graph.sources.values() %}
        {% do made.append(table.schema ~ '.' ~ table.identifier) %}
    {% endfor %}
    {% set schemas = [
        'staging', 'intermediate', 'core', 'aggregates', 'ai', 'lift', 'insights'
    ] %}
    {% set drops = [] %}
    {% for schema, name, type in tables_in(schemas)
        if schema ~ '.' ~ name not in made %}
        {% set kind = 'view' if type == 'VIEW' else 'table' %}
        {% set place = adapter.quote(schema) ~ '.' ~ adapter.quote(name) %}
        {% do drops.append(drop_statement(kind, place)) %}
        {% do print(schema ~ '.' ~ name ~ ' is dropped: no model makes it') %}
    {% endfor %}
    {% set statements = run_statements(drops) %}
    {% if statements %}
        {% do run_query('begin;' ~ statements ~ ';commit') %}
    {% endif %}
{% endmacro %}
