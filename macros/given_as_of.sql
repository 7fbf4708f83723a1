{% macro given_as_of() -%}
    {#- A time that names no zone is UTC: a cast would take the session's. -#}
    case
        when '{{ var("as_of") }}' = '' then null
        when translate('{{ var("as_of") }}', '0123456789 :.T', '') = '--'
            then
                {{ instant_of(
                    "cast(nullif('" ~ var("as_of") ~ "', '') as timestamp)"
                ) }}
        else cast(nullif('{{ var("as_of") }}', '') as {{ type_instant() }})
    end
{%- endmacro %}
