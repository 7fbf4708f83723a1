{% macro start_states() %}
    {#- What is selected stays `started` if this run is killed. -#}
    {% set names = [] %}
    {% for name in selected_resources or [] %}
        {% do names.append("('" ~ name ~ "')") %}
    {% endfor %}
    {% if execute and names %}
        {% do return(
            "create schema if not exists production;
            create table if not exists production.states (
                name text,
                run bigint,
                load_run bigint,
                status text,
                ran_at timestamptz
            );
            insert into production.states
            select
                selected.name,
                newest.run + 1,
                newest.load_run,
                'started',
                timestamptz '" ~ run_started_at ~ "'
            from (values " ~ names | join(', ') ~ ") as selected (name)
            cross join (
                select
                    coalesce(max(run), 0) as run,
                    max(case when name like 'load.%' then run end) as load_run
                from production.states
            ) as newest;
            delete from production.states
            where
                name in (" ~ names | join(', ') ~ ")
                and run < (select max(run) from production.states)"
        ) %}
    {% endif %}
{% endmacro %}


{% macro record_states(results) %}
    {% set ended = [] %}
    {% for result in results or [] %}
        {% do ended.append(
            "('" ~ result.node.unique_id ~ "', '" ~ result.status ~ "')"
        ) %}
    {% endfor %}
    {% if execute and ended %}
        {% do return(
            "update production.states
            set status = ended.status
            from (values " ~ ended | join(', ') ~ ") as ended (name, status)
            where states.name = ended.name"
        ) %}
    {% endif %}
{% endmacro %}
