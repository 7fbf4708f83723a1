{% macro require_one_writer() %}
    {#- The plugin dbt_one_writer holds the lock and sets this variable. -#}
    {% if execute and not env_var('ONE_WRITER_TOKEN', '') %}
        {% do exceptions.raise_compiler_error(
            'this dbt cannot keep other writers away from the warehouse: run '
            ~ '`make setup`, then .venv/bin/dbt'
        ) %}
    {% endif %}
{% endmacro %}
