{% macro kept_digests(model_name, key) -%}
    {#- What an incremental model of the same schema holds from earlier runs, so
        that the models it is made of treat only what has changed:
        1. A model makes a digest of everything that the rows of a key are made
           of. A key is due unless it is kept with that very digest.
        2. The models between treat the keys that are due.
        3. The incremental model deletes the keys that are not kept, and appends
           those that are due, each row with its digest.
        Digests stand where the rows do, so none is there without them: a run
        that is killed anywhere and repeated ends as if it had run once. Two runs
        at once would append the same key twice: what has rows that are there
        twice, or of two digests, is not kept, but due. With
        `--full-refresh` nothing is kept. The model has a name here, and no
        `ref`: what is read was left by earlier runs, and is nothing of this. -#}
    {%- set kept = execute and not should_full_refresh() and load_relation(
        api.Relation.create(this.database, this.schema, model_name)
    ) -%}
    {%- set found = adapter.get_columns_in_relation(kept) if kept else [] -%}
    {%- set columns = [] -%}
    {%- for column in found -%}
        {%- do columns.append(adapter.quote(column.name)) -%}
    {%- endfor -%}
    {%- if kept -%}
    select
        {{ key }},
        max(input_digest) as input_digest
    from (
        select
            {{ key }},
            input_digest,
            count(*) as copies
        from {{ kept }}
        group by {{ columns | join(', ') }}
    ) as kept_rows
    group by {{ key }}
    having max(copies) = 1 and min(input_digest) = max(input_digest)
    {%- else -%}
    select
        cast(null as {{ type_text() }}) as {{ key }},
        cast(null as {{ type_text() }}) as input_digest
    where false
    {%- endif -%}
{%- endmacro %}
