{% macro drop_stale_tables() %}
    {#- What an older version of the project left behind. -#}
    {% set made = [] %}
    {% for node in graph.nodes.values() if node.alias %}
        {% do made.append(node.schema ~ '.' ~ node.alias) %}
    {% endfor %}
    {% for table in graph.sources.values() %}
        {% do made.append(table.schema ~ '.' ~ table.identifier) %}
    {% endfor %}
    {% set there = run_query(
        "select table_schema, table_name, table_type "
        "from information_schema.tables "
        "where table_catalog = current_database() and table_schema in "
        "('staging', 'intermediate', 'core', 'aggregates', 'ai', 'lift', 'insights') "
        "order by 1, 2"
    ) %}
    {% set drops = [] %}
    {% for schema, name, type in there.rows
        if schema ~ '.' ~ name not in made %}
        {% set kind = 'view' if type == 'VIEW' else 'table' %}
        {% do drops.append(
            'drop ' ~ kind ~ ' if exists "' ~ schema ~ '"."' ~ name ~ '" cascade;'
        ) %}
        {% do print(schema ~ '.' ~ name ~ ' is dropped: no model makes it') %}
    {% endfor %}
    {% do run_query('begin;' ~ drops | join('\n') ~ 'commit') %}
{% endmacro %}
