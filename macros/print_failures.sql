{% macro print_failures(results) %}
    {#- Only of tests that say so: rows of others may hold what no terminal
        should show. Printed, because `--quiet` hides what is logged. -#}
    {% if execute %}
        {% for result in results
            if result.failures and result.node.config.meta.get('tells_rows') %}
            {% set test = result.node %}
            {% set rows = run_query(
                'select * from (' ~ test.compiled_code ~ '\n) as failing limit 20'
            ) %}
            {% do print(
                '\n' ~ result.status | upper ~ ' ' ~ test.name ~ ': '
                ~ test.description | trim
            ) %}
            {% for row in rows %}
                {% set words = [] %}
                {% for name, value in row.dict().items() %}
                    {% set label = name ~ ' ' if row | length > 1 else '' %}
                    {% do words.append(label ~ value) %}
                {% endfor %}
                {% do print('  ' ~ words | join(', ')) %}
            {% endfor %}
            {% if result.failures > 20 %}
                {% do print('  and ' ~ (result.failures - 20) ~ ' more') %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}
