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
        {% do drops.append(
            'drop ' ~ kind ~ ' if exists ' ~ place
            ~ (' cascade' if target.type != 'spark' else '')
        ) %}
        {% do print(schema ~ '.' ~ name ~ ' is dropped: no model makes it') %}
    {% endfor %}
    {% set statements = run_statements(drops) %}
    {% if statements %}
        {% do run_query('begin;' ~ statements ~ ';commit') %}
    {% endif %}
{% endmacro %}


{% macro tables_in(schemas) %}
    {% if target.type == 'spark' %}
        {% set there = [] %}
        {% for schema in schemas %}
            {% set query = 'show table extended in ' ~ schema ~ " like '*'" %}
            {% for row in run_query(query) %}
                {% set type = 'VIEW' if 'Type: VIEW' in row[3] else 'TABLE' %}
                {% do there.append((schema, row[1], type)) %}
            {% endfor %}
        {% endfor %}
        {% do return(there) %}
    {% endif %}
    {% do return(run_query(
        "select table_schema, table_name, table_type "
        "from information_schema.tables "
        "where table_catalog = current_database() and table_schema in "
        "('" ~ schemas | join("', '") ~ "') order by 1, 2"
    ).rows) %}
{% endmacro %}
