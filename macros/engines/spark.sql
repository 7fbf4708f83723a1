{#- What dbt does otherwise on Spark, where no row of a table is changed and a
    statement for each comment would take longer than the table. -#}


{% macro table_format() %}
    {% do return('using ' ~ env_var('SPARK_TABLE_FORMAT', 'parquet')
        if target.type == 'spark' else '') %}
{% endmacro %}


{% macro spark_literal(text) %}
    {% do return('null' if text is none else "'" ~ text | string
        | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") %}
{% endmacro %}


{% macro spark__get_empty_schema_sql(columns) %}
    {% set typed = {} %}
    {% for column in spark_contract_columns(columns) %}
        {% do typed.update({column.name: column}) %}
    {% endfor %}
    {% do return(default__get_empty_schema_sql(typed)) %}
{% endmacro %}


{% macro spark_contract_columns(columns) %}
    {% set typed = [] %}
    {% for column in columns.values() %}
        {% do typed.append(
            dict(column, data_type=engine_type(column.data_type))
        ) %}
    {% endfor %}
    {% do return(typed) %}
{% endmacro %}


{% macro spark_described(columns, has_types, partition='') %}
    {#- What each means, which would take a statement for each later. Hive's
        catalogue takes 256 characters, and tries a longer comment ten times. -#}
    {% set described = [] %}
    {% for column in columns %}
        {% set known = model.columns.get(column.name, {}) %}
        {% set comment = known.get('description', '') | trim %}
        {% do described.append(
            adapter.quote(column.name)
            ~ (' ' ~ column.data_type if has_types else '')
            ~ ' comment ' ~ spark_literal(comment | truncate(256, true, '...', 0))
        ) %}
    {% endfor %}
    {% do return(
        '(' ~ described | join(', ') ~ ')'
        ~ (' ' ~ table_format() if has_types else '')
        ~ (' partitioned by (' ~ partition ~ ')' if partition else '')
        ~ ' comment ' ~ spark_literal(model.description | trim)
    ) %}
{% endmacro %}


{% macro spark_create_table(relation, columns, partition='') %}
    {% set is_replaced = config.get('file_format') in ('delta', 'iceberg') %}
    {% do run_query(
        'create ' ~ ('or replace ' if is_replaced else '') ~ 'table ' ~ relation
        ~ ' ' ~ spark_described(columns, true, partition)
    ) %}
{% endmacro %}


{% macro spark__create_view_as(relation, sql) %}
    {% if config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(sql) }}
    {% endif %}
    create or replace view {{ relation }}
    {{ spark_described(get_column_schema_from_query(sql), false) }}
    as {{ sql }}
{% endmacro %}


{% macro spark__create_table_as(temporary, relation, compiled_code, language) %}
    {% if temporary %}
        {{ create_temporary_view(relation, compiled_code) }}
    {% else %}
        {% if config.get('contract').enforced %}
            {{ get_assert_columns_equivalent(compiled_code) }}
            {% set compiled_code = get_select_subquery(compiled_code) %}
        {% endif %}
        {% do spark_create_table(
            relation,
            spark_contract_columns(model.columns)
            if config.get('contract').enforced
            else get_column_schema_from_query(compiled_code)
        ) %}
        {% if flags.EMPTY %}
            {#- The contract has read the query; to plan it takes as long again. -#}
            describe table {{ relation }}
        {% else %}
            insert into {{ relation }}
            select * from ({{ compiled_code }}) as made
        {% endif %}
    {% endif %}
{% endmacro %}


{% macro spark__persist_docs(relation, model, for_relation, for_columns) %}
{% endmacro %}


{% macro spark__create_csv_table(model, agate_table) %}
    {% do spark_create_table(this, spark_seed_columns(agate_table)) %}
{% endmacro %}


{% macro spark__load_csv_rows(model, agate_table) %}
    {#- dbt-spark would write the text None where there is nothing. -#}
    {% set casts = [] %}
    {% for column in spark_seed_columns(agate_table) %}
        {% do casts.append(
            'cast(col' ~ loop.index ~ ' as ' ~ column.data_type ~ ')'
        ) %}
    {% endfor %}
    {% set rows = [] %}
    {% for row in agate_table.rows %}
        {% set literals = [] %}
        {% for value in row %}
            {% do literals.append(spark_literal(value)) %}
        {% endfor %}
        {% do rows.append('(' ~ literals | join(', ') ~ ')') %}
    {% endfor %}
    {% do run_query(
        'insert into ' ~ this ~ ' select ' ~ casts | join(', ')
        ~ ' from values ' ~ rows | join(', ')
    ) %}
{% endmacro %}


{% macro spark_seed_columns(agate_table) %}
    {% set given = config.get('column_types', {}) %}
    {% set columns = [] %}
    {% for name in agate_table.column_names %}
        {% set type = given.get(name)
            or adapter.convert_type(agate_table, loop.index0) %}
        {% do columns.append({'name': name, 'data_type': engine_type(type)}) %}
    {% endfor %}
    {% do return(columns) %}
{% endmacro %}


{% macro spark_replace_rows(relation, sql) %}
    {#- What is written over is gone until the new is whole. So all rows stand
        beside first, and the run after one that was killed goes on there. -#}
    {% set beside = spark_beside(relation) %}
    {% do run_query('drop table if exists ' ~ beside) %}
    {% do run_query(
        'create table ' ~ beside ~ ' like ' ~ relation ~ ' ' ~ table_format()
    ) %}
    {% do run_query('insert into ' ~ beside ~ ' ' ~ sql) %}
    {% do run_query(
        'alter table ' ~ beside ~ " set tblproperties ('is_whole' = 'true')"
    ) %}
    {% call statement('main') %}
        insert overwrite {{ relation }} select * from {{ beside }}
    {% endcall %}
    {% do run_query('drop table ' ~ beside) %}
{% endmacro %}


{% macro finish_replacing() %}
    {% if execute and target.type == 'spark' %}
        {% for node in graph.nodes.values()
            if node.config.materialized in ('incremental', 'snapshot') %}
            {% set relation = api.Relation.create(
                schema=node.schema, identifier=node.alias
            ) %}
            {% set beside = load_relation(spark_beside(relation)) %}
            {% if beside %}
                {% set properties = run_query('show tblproperties ' ~ beside) %}
                {% if 'is_whole' in properties.columns[0].values() %}
                    {% do run_query(
                        'insert overwrite ' ~ relation ~ ' select * from ' ~ beside
                    ) %}
                {% endif %}
                {% do adapter.drop_relation(beside) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{% macro spark_beside(relation) %}
    {% do return(api.Relation.create(
        schema=relation.schema,
        identifier=relation.identifier ~ '__next',
        type='table'
    )) %}
{% endmacro %}


{% materialization incremental, adapter='spark' %}
    {% set target_relation = this.incorporate(type='table') %}
    {{ run_hooks(pre_hooks) }}
    {{ get_assert_columns_equivalent(sql) }}
    {% if not load_relation(this) %}
        {% do spark_create_table(this, get_column_schema_from_query(sql)) %}
    {% endif %}

    {% set made = make_temp_relation(target_relation) %}
    {% do run_query(create_temporary_view(made, sql)) %}
    {% do process_schema_changes(
        config.get('on_schema_change'), made, target_relation
    ) %}
    {% set columns = adapter.get_columns_in_relation(target_relation)
        | map(attribute='quoted') | join(', ') %}
    {% set keys = config.get('unique_key') or [] %}
    {% set keys = keys if keys is string else keys | join(', ') %}

    {% if config.get('file_format') not in ('delta', 'iceberg') %}
        {% do spark_replace_rows(
            target_relation, spark_merged_rows(this, made, columns, keys)
        ) %}
    {% elif keys %}
        {% call statement('main') %}
            {{ get_merge_sql(this, made, config.get('unique_key'), none) }}
        {% endcall %}
    {% else %}
        {% do run_query(
            'delete from ' ~ this ~ ' where not (' ~ kept_condition() ~ ')'
        ) %}
        {% call statement('main') %}
            insert into {{ this }} select {{ columns }} from {{ made }}
        {% endcall %}
    {% endif %}

    {{ run_hooks(post_hooks) }}
    {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}


{% materialization by_day, adapter='spark' %}
    {#- See days.sql. Of other formats no partition is named. -#}
    {% if config.get('file_format') in ('delta', 'iceberg') %}
        {% do return(dbt.materialization_table_spark()) %}
    {% endif %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set by = config.require('by_day') %}
    {{ run_hooks(pre_hooks) }}
    {% if config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(sql) }}
        {% set columns = spark_contract_columns(model.columns) %}
    {% else %}
        {% set columns = get_column_schema_from_query(sql)
            | rejectattr('name', 'equalto', 'day_version') | list %}
    {% endif %}
    {% set wanted = [] if flags.EMPTY else day_versions().values() | list %}
    {% set built = day_versions_in(this) or [] %}
    {% if should_full_refresh() or not wanted | select('in', built) | list %}
        {#- By another version of the model: its columns can be others, too. -#}
        {% do adapter.drop_relation(load_relation(this) or target_relation) %}
        {% do spark_create_table(
            this,
            columns + [{'name': 'day_version', 'data_type': 'string'}],
            'day_version'
        ) %}
        {% set built = [] %}
    {% endif %}

    {% set missing = wanted | reject('in', built) | list %}
    {% set names = columns | map(attribute='name') | list %}
    {% do run_query('set spark.sql.sources.partitionOverwriteMode = dynamic') %}
    {% call statement('main') %}
        {{ spark_insert_days(this, sql, names, by, missing) if missing
            else 'describe table ' ~ this }}
    {% endcall %}
    {% do spark_set_partitions(this, wanted) %}

    {{ run_hooks(post_hooks) }}
    {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}


{% macro spark_insert_days(relation, sql, columns, by, versions) %}
    {#- A file for each, whose rows were written for many. -#}
    {% set days = {} %}
    {% for version in versions %}
        {% do days.update({version[:10]: version}) %}
    {% endfor %}
    insert overwrite {{ relation }} partition (day_version)
    select /*+ rebalance(day_version) */
        made.`{{ columns | join('`, made.`') }}`,
        versions.day_version
    from ({{ sql }}) as made
    inner join (
        select explode(
            array('{{ days.values() | join("', '") }}')
        ) as day_version
    ) as versions
        on
            substr(cast(made.{{ by }} as string), 1, 10)
            = substr(versions.day_version, 1, 10)
    where {{ is_of_days('made.' ~ by, days | list) }}
{% endmacro %}


{% macro spark_set_partitions(relation, versions) %}
    {#- A day without a row has one, too: else it would be made each time. -#}
    {% set built = partitions_of(relation) %}
    {% for verb, changed in (
        ('add if not exists', versions | reject('in', built) | list),
        ('drop if exists', built | reject('in', versions) | list)
    ) if changed %}
        {% set named = [] %}
        {% for version in changed %}
            {% do named.append("partition (day_version = '" ~ version ~ "')") %}
        {% endfor %}
        {% do run_query(
            'alter table ' ~ relation ~ ' ' ~ verb ~ ' '
            ~ named | join(' ' if verb.startswith('add') else ', ')
        ) %}
    {% endfor %}
{% endmacro %}


{% macro spark_merged_rows(old, new, columns, keys) %}
    {% if keys %}
        select {{ columns }}
        from (
            select
                *,
                max(is_new) over (partition by {{ keys }}) as has_new
            from (
                select {{ columns }}, false as is_new from {{ old }}
                union all
                select {{ columns }}, true as is_new from {{ new }}
            ) as both
        ) as compared
        where is_new = has_new
    {% else %}
        select {{ columns }} from {{ old }}
        where {{ kept_condition() }}
        union all
        select {{ columns }} from {{ new }}
    {% endif %}
{% endmacro %}


{% materialization snapshot, adapter='spark' %}
    {#- dbt-spark needs a format that knows merge. -#}
    {% if config.get('file_format') in ('delta', 'iceberg') %}
        {% do return(dbt.materialization_snapshot_spark()) %}
    {% endif %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set strategy = strategy_dispatch(config.get('strategy'))(
        model, 'snapshotted_data', 'source_data', model.config, true
    ) %}
    {{ run_hooks(pre_hooks) }}
    {% if not load_relation(this) %}
        {% do spark_create_table(this, get_column_schema_from_query(
            build_snapshot_table(strategy, sql)
        )) %}
    {% endif %}

    {% set made = make_temp_relation(target_relation) %}
    {% do run_query(create_temporary_view(
        made, snapshot_staging_table(strategy, sql, target_relation)
    )) %}
    {% do create_columns(
        target_relation,
        adapter.get_missing_columns(made, target_relation)
        | rejectattr('name', 'in', ('dbt_change_type', 'dbt_unique_key')) | list
    ) %}
    {% set columns = adapter.get_columns_in_relation(target_relation)
        | map(attribute='quoted') | list %}
    {% set closed = [] %}
    {% for column in columns %}
        {% do closed.append(
            'coalesce(kept.dbt_valid_to, changed.dbt_valid_to)'
            if column == '`dbt_valid_to`' else 'kept.' ~ column
        ) %}
    {% endfor %}
    {% do spark_replace_rows(target_relation,
        'select ' ~ closed | join(', ') ~ ' from ' ~ this ~ ' as kept
        left join ' ~ made ~ " as changed
            on kept.dbt_scd_id = changed.dbt_scd_id
            and changed.dbt_change_type = 'update'
        union all
        select " ~ columns | join(', ') ~ ' from ' ~ made ~ "
        where dbt_change_type = 'insert'"
    ) %}

    {{ run_hooks(post_hooks) }}
    {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}
