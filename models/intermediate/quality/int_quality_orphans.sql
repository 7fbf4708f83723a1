with

as_of as (select * from {{ ref('int_as_of') }}),

linked as (
    {% for link in quality_relations() %}
        select
            '{{ link.subject }}' as subject,
            child.{{ link.dated_at }} as dated_at,
            parent.{{ link.parent_key }} is null as is_orphan
        from {{ ref(link.child) }} as child
        left join {{ ref(link.parent) }} as parent
            on child.{{ link.child_column }} = parent.{{ link.parent_key }}
        where
            child.{{ link.child_column }} is not null
            -- what was never loaded says nothing about who is missing
            and exists (select 1 from {{ ref(link.parent) }})
        {{ "union all" if not loop.last }}
    {% endfor %}
),

final as (
    select
        'orphans' as check_name,
        linked.subject,

        count(*) filter (where linked.is_orphan) as numerator,
        count(*) as denominator
    from linked
    inner join as_of
        on linked.dated_at <= as_of.as_of
    group by linked.subject
)

select * from final
