{% macro start_states() %}
    {#- What is selected stays `started` if this run is killed. -#}
    {% set names = [] %}
    {% for name in selected_resources or [] %}
        {% do names.append("('" ~ name ~ "')") %}
    {% endfor %}
    {% if execute and names %}
        {% set statements = [
            "create schema if not exists production",
            "create table if not exists production.states (
                name " ~ type_text() ~ ",
                run bigint,
                load_run bigint,
                status " ~ type_text() ~ ",
                ran_at " ~ type_instant() ~ "
            ) " ~ table_format(),
            "insert into production.states
            select
                selected.name,
                newest.run + 1,
                newest.load_run,
                'started',
                cast('" ~ run_started_at ~ "' as " ~ type_instant() ~ ")
            from (values " ~ names | join(', ') ~ ") as selected (name)
            cross join (
                select
                    coalesce(max(run), 0) as run,
                    max(case when name like 'load.%' then run end) as load_run
                from production.states
            ) as newest",
        ] %}
        {% if can_change_rows() %}
            {% do statements.append(
                "delete from production.states
                where
                    name in (" ~ names | join(', ') ~ ")
                    and run < (select max(run) from production.states)"
            ) %}
        {% endif %}
        {% do return(run_statements(statements)) %}
    {% endif %}
{% endmacro %}


{% macro record_states(results) %}
    {#- On Spark no row is changed: who reads takes the newest of a name. -#}
    {% set ended = [] %}
    {% for result in results or [] %}
        {% set name = result.node.unique_id %}
        {% do ended.append("('" ~ name ~ "', '" ~ result.status ~ "')") %}
    {% endfor %}
    {% if execute and ended %}
        {% set rows = ended | join(', ') %}
        {% if not can_change_rows() %}
            {% do return(
                "insert into production.states
                select
                    states.name,
                    states.run,
                    states.load_run,
                    ended.status,
                    states.ran_at
                from production.states
                inner join (values " ~ rows ~ ") as ended (name, status)
                    on states.name = ended.name
                where states.run = (select max(run) from production.states)"
            ) %}
        {% endif %}
        {% do return(
            "update production.states
            set status = ended.status
            from (values " ~ rows ~ ") as ended (name, status)
            where states.name = ended.name"
        ) %}
    {% endif %}
{% endmacro %}
