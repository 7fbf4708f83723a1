{% macro quality_orphans(links, parents, as_of) -%}
    select
        'orphans' as check_name,
        {{ links }}.subject,

        count(*) filter (where {{ parents }}.parent_id is null) as numerator,
        count(*) as denominator
    from {{ links }}
    inner join {{ as_of }}
        on {{ links }}.created_at <= {{ as_of }}.as_of
    left join {{ parents }}
        on
            {{ links }}.parent = {{ parents }}.parent
            and {{ links }}.parent_id = {{ parents }}.parent_id
    where {{ links }}.parent_id is not null
    group by {{ links }}.subject
{%- endmacro %}
