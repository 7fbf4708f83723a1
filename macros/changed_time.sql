{% macro changed_time(updated_at, deleted_at) -%}
    {#- The dates may all be missing, and a history needs one. -#}
    coalesce(
        greatest(
            {{ plausible_time('created_at') }},
            {{ plausible_time(updated_at) }},
            {{ plausible_time(deleted_at) }},
            _deleted_in_source_at
        ),
        cast('1970-01-01 00:00:00+00' as {{ type_instant() }})
    )
{%- endmacro %}
