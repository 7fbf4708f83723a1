{% macro record_node_runs(results) %}
    {#- It must not stop a build: what the table does not take is not tried. -#}
    {% set run_id = env_var('COMMAND_RUN_ID', '') | replace("'", '')
        if execute else '' %}
    {% if run_id and results %}
        {% set columns = [
            'run_id', 'node', 'kind', 'status', 'seconds', 'row_count',
            'failure_count', 'ran_at'
        ] %}
        {% set there = adapter.get_columns_in_relation(api.Relation.create(
            target.database or none, 'production', 'node_runs'
        )) | map(attribute='name') | list %}
        {% do end_transaction() %}
        {% set takes_them = not columns | reject('in', there) | list %}
        {% if takes_them and target.type == 'postgres' %}
            {% set takes_them = run_query(
                "select has_table_privilege('production.node_runs', 'insert')"
            ).rows[0][0] %}
        {% endif %}
        {% if not takes_them %}
            {% do print(
                'what dbt ran is not recorded: this role may not write to '
                ~ 'production.node_runs, or it has other columns: mend its rights, or '
                ~ 'drop the table; TELEMETRY=off records nothing'
            ) %}
            {% do return('') %}
        {% endif %}
        {#- It says not how many rows it wrote, but how many a table has. -#}
        {% set is_duckdb = target.type == 'duckdb' %}
        {% set now = modules.datetime.datetime.now(modules.pytz.utc) %}
        {% set failed = results | map(attribute='status') | map('string')
            | select('in', ['error', 'fail', 'runtime error']) | list %}
        {% set ended = [
            "('', '', 'dbt." ~ flags.WHICH ~ "', 'command', '"
            ~ ('failure' if failed else 'success') ~ "', "
            ~ (now - run_started_at).total_seconds()
            ~ ', cast(null as bigint), cast(null as bigint))'
        ] %}
        {#- An exposure is no-op: dbt runs nothing for it. -#}
        {% for result in results
            if result.node.resource_type != 'unit_test'
            and result.status | string != 'no-op' %}
            {% set node = result.node %}
            {% set response = result.adapter_response or {} %}
            {% set written = response.get('rows_affected', -1) %}
            {% set is_known = written >= 0 and node.resource_type != 'test' %}
            {% set failures = result.failures %}
            {% do ended.append(
                "('" ~ node.schema ~ "', '" ~ node.alias ~ "', '" ~ node.name ~ "', '"
                ~ node.resource_type ~ "', '" ~ result.status ~ "', "
                ~ result.execution_time ~ ', '
                ~ (written if is_known else 'null') ~ ', '
                ~ ('null' if failures is none else failures) ~ ')'
            ) %}
        {% endfor %}
        {% do return(
            'insert into production.node_runs (' ~ columns | join(', ') ~ ")
            select
                '" ~ run_id ~ "',
                ended.node,
                ended.kind,
                ended.status,
                ended.seconds,
                " ~ ('coalesce(ended.row_count, tables.estimated_size)'
                if is_duckdb else 'ended.row_count') ~ ",
                ended.failure_count,
                cast('" ~ run_started_at ~ "' as " ~ type_instant() ~ ")
            from (values " ~ ended | join(', ') ~ ") as ended (
                schema_name, table_name, node, kind, status, seconds, row_count,
                failure_count
            )" ~ ("
            left join duckdb_tables() as tables
                on ended.schema_name = tables.schema_name
                and ended.table_name = tables.table_name
                and tables.database_name = current_database()
                and ended.status = 'success'" if is_duckdb else '')
        ) %}
    {% endif %}
{% endmacro %}
