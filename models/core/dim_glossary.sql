with

entries as (select * from {{ ref('stg_chemlink__glossary_terms') }}),

as_of as (select * from {{ ref('int_as_of') }}),

described as (
    select
        entries.glossary_term_id,
        entries.term,
        nullif(entries.meaning, '') as meaning,
        nullif(entries.category, '') as category,
        entries.description,
        entries.created_at,
        entries.updated_at,
        row_number() over (
            partition by lower(entries.term)
            order by
                entries.created_at desc nulls last,
                entries.glossary_term_id desc
        ) as recency
    from entries
    cross join as_of
    where
        entries.term <> ''
        and entries.description <> ''
        and coalesce(entries.created_at <= as_of.as_of, true)
        and coalesce(entries.deleted_in_source_at > as_of.as_of, true)
),

final as (
    select
        glossary_term_id,

        term,
        meaning,
        category,
        description,

        created_at,
        updated_at
    from described
    where recency = 1
)

select * from final
