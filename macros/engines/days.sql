{#- Tables that are built by UTC day on Spark, where else the whole history is
    shuffled each night. A partition is named after its day and a digest of
    what its rows are made of: a build makes those that are missing, and drops
    those that nothing stands for any more. So nothing has to be remembered, and
    what a killed build left is put right by the next. -#}


{% macro days_of(relation, column, days_before=0) -%}
    {#- A relation; on Spark no more of it than the days to build need. -#}
    {%- if target.type == 'spark' -%}
        {{ spark_days_of(relation, column, days_before) }}
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}


{% macro spark_days_of(relation, column, days_before) %}
    {% set days = days_to_build() %}
    {% if not days %}
        {% do return(relation) %}
    {% endif %}
    {% set needed = [] %}
    {% for day in days %}
        {% for before in range(days_before + 1) %}
            {% do needed.append(day_before(day, before)) %}
        {% endfor %}
    {% endfor %}
    {% set query = 'select * from ' ~ relation ~ ' where ' %}
    {% do return('(' ~ query ~ is_of_days(column, needed) ~ ')') %}
{% endmacro %}


{% macro and_day_version() -%}
    {#- The last column of a select: the partition that a row has landed in. -#}
    {{ ', day_version' if target.type == 'spark' }}
{%- endmacro %}


{% macro day_before(day, days=1) %}
    {% set date = modules.datetime.date.fromisoformat(day) %}
    {% set earlier = date - modules.datetime.timedelta(days=days) %}
    {% do return(earlier.isoformat()) %}
{% endmacro %}


{% macro is_of_days(column, days) -%}
    {#- Outside of the first and the last Spark reads no file. -#}
    {{ column }} >= '{{ days | min }}'
    and {{ column }} < '{{ day_before(days | max, -1) }}'
    and substr(cast({{ column }} as string), 1, 10)
    in ('{{ days | unique | join("', '") }}')
{%- endmacro %}


{% macro days_to_build() %}
    {#- None for all: there is no such table yet. -#}
    {% if not execute or model.resource_type != 'model' or flags.EMPTY %}
        {% do return(none) %}
    {% endif %}
    {% set is_whole = config.get('file_format') in ('delta', 'iceberg') %}
    {% set built = none if is_whole else day_versions_in(this) %}
    {% if not built or should_full_refresh() %}
        {% do return(none) %}
    {% endif %}
    {% set days = [] %}
    {% for day, version in day_versions().items() if version not in built %}
        {% do days.append(day) %}
    {% endfor %}
    {#- None of the days is not all of them. -#}
    {% do return(days or ['0001-01-02']) %}
{% endmacro %}


{% macro day_versions_in(relation) %}
    {% set there = load_relation(relation) %}
    {% set columns = [] %}
    {% if there is not none and there.is_table %}
        {% set columns = adapter.get_columns_in_relation(there) %}
    {% endif %}
    {% if 'day_version' not in columns | map(attribute='name') %}
        {% do return(none) %}
    {% endif %}
    {% do return(partitions_of(there)) %}
{% endmacro %}


{% macro partitions_of(relation) %}
    {% set versions = [] %}
    {% for row in run_query('show partitions ' ~ relation) %}
        {% do versions.append(row[0].removeprefix('day_version=')) %}
    {% endfor %}
    {% do return(versions) %}
{% endmacro %}


{% macro day_versions() %}
    {% set code = code_digest() %}
    {% set versions = {} %}
    {% for day, parts in context['made_of_' ~ model.name]().items() %}
        {% set digest = local_md5(parts ~ code) %}
        {% do versions.update({day: day ~ '-' ~ digest}) %}
    {% endfor %}
    {% do return(versions) %}
{% endmacro %}


{% macro code_digest() %}
    {#- Of the models and seeds behind the model, all macros, and `as_of`. -#}
    {% set digests = [env_var('MACROS_DIGEST', ''), var('as_of')] %}
    {% set names = [model.unique_id] %}
    {% for name in names %}
        {#- The list grows while it is gone through. -#}
        {% set node = graph.nodes[name] %}
        {% do digests.append(node.checksum.checksum) %}
        {% for parent in node.get('depends_on', {}).get('nodes', []) %}
            {% if parent in graph.nodes and parent not in names %}
                {% do names.append(parent) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% do return(local_md5(digests | sort | join)) %}
{% endmacro %}


{% macro relation_of(name) %}
    {#- Of what the model is made of, so that it is built before. -#}
    {% for node in graph.nodes.values() if node.name == name %}
        {% do return(api.Relation.create(
            schema=node.schema, identifier=node.alias
        )) %}
    {% endfor %}
{% endmacro %}


{% macro texts_by_day(query) %}
    {% set texts = {} %}
    {% for row in run_query(query) %}
        {% do texts.update({row[0]: row[1]}) %}
    {% endfor %}
    {% do return(texts) %}
{% endmacro %}


{% macro versions_by_day(relation) %}
    {% set texts = {} %}
    {% for version in day_versions_in(relation) | sort %}
        {% set day = version[:10] %}
        {% do texts.update({day: texts.get(day, '') ~ version}) %}
    {% endfor %}
    {% do return(texts) %}
{% endmacro %}


{% macro made_of_stg_posthog__events() %}
    {% do return(versions_by_day(api.Relation.create(
        schema='staging_posthog', identifier='events'
    ))) %}
{% endmacro %}


{% macro made_of_int_events_identified() %}
    {% do return(texts_by_day(parts_of_identified_events())) %}
{% endmacro %}


{% macro parts_of_identified_events() -%}
    {#- An event sent again can be in the file of another day than its own. -#}
    with

    seen as (
        select distinct
            substr(cast(events.occurred_at as string), 1, 10) as event_day,
            events.day_version,
            events.distinct_id_hash,
            events.received_at <= as_of.as_of as is_known
        from {{ relation_of('stg_posthog__events') }} as events
        cross join {{ relation_of('int_as_of') }} as as_of
        cross join {{ relation_of('activity_parameters') }} as parameters
        where {{ is_plausible_event('events', 'parameters') }}
    )

    select
        seen.event_day,
        {{ hash_sum(
            "seen.day_version || '|' || seen.distinct_id_hash || '|' || "
            "identities.user_key || '|' || cast(seen.is_known as string)"
        ) }} as parts
    from seen
    inner join {{ relation_of('int_posthog_identities') }} as identities
        on seen.distinct_id_hash = identities.source_id
    group by seen.event_day
{%- endmacro %}


{% macro made_of_int_session_days() %}
    {#- Whether a view begins a session tells the one before it. -#}
    {% set events = versions_by_day(relation_of('int_events_identified')) %}
    {% set texts = {} %}
    {% for day, version in events.items() %}
        {% set before = events.get(day_before(day), '') %}
        {% do texts.update({day: version ~ before}) %}
    {% endfor %}
    {% do return(texts) %}
{% endmacro %}


{% macro made_of_fct_user_activity() %}
    {% set events = versions_by_day(relation_of('int_events_identified')) %}
    {% set others = texts_by_day(parts_of_other_activity()) %}
    {% set query = 'select as_of from ' ~ relation_of('int_as_of') %}
    {% set as_of = run_query(query).columns[0][0] | string %}
    {% set texts = {} %}
    {% for day in (events | list + others | list) | unique %}
        {#- An event can be dated after it arrived. -#}
        {% set until = as_of if day >= as_of[:10] else '' %}
        {% do texts.update(
            {day: events.get(day, '') ~ others.get(day, '') ~ until}
        ) %}
    {% endfor %}
    {% do return(texts) %}
{% endmacro %}


{% macro parts_of_other_activity() -%}
    {#- Of sessions and accounts, which are not built by day. -#}
    select
        substr(cast(activity.occurred_at as string), 1, 10) as activity_day,
        {{ hash_sum(
            "activity.event_key || '|' || activity.user_key || '|' || "
            "cast(activity.occurred_at as string)"
        ) }} as parts
    from {{ relation_of('int_activity_identified') }} as activity
    cross join {{ relation_of('int_as_of') }} as as_of
    where
        (
            activity.source_system <> 'posthog'
            or activity.source_table <> 'events'
        )
        and {{ is_known_activity('activity', 'as_of') }}
    group by 1
{%- endmacro %}
