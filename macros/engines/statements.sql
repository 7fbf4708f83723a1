{#- What a hook runs. On Spark a command holds one statement, nothing is a
    transaction, and no row of a table is changed. -#}
{% macro run_statements(statements) %}
    {#- One transaction where there is one; the result is for dbt to run. -#}
    {% if target.type != 'spark' %}
        {% do return(statements | join(';\n')) %}
    {% endif %}
    {% for statement in statements %}
        {% do run_query(statement) %}
    {% endfor %}
{% endmacro %}


{% macro can_change_rows() %}
    {% do return(target.type != 'spark') %}
{% endmacro %}


{% macro end_transaction() %}
    {#- What was asked began one, which dbt rolls back. -#}
    {% if target.type != 'spark' %}
        {% do run_query('commit') %}
    {% endif %}
{% endmacro %}


{% macro drop_statement(kind, place) %}
    {% set and_views = ' cascade' if target.type != 'spark' else '' %}
    {% do return('drop ' ~ kind ~ ' if exists ' ~ place ~ and_views) %}
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
