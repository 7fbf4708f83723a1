with

history as (select * from {{ ref('glossary_terms_history') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- the newest version by then; the oldest stands for the time before it
versions as (
    select
        history.*,
        row_number() over (
            partition by history.glossary_term_id
            order by
                history.dbt_valid_from <= as_of.as_of desc,
                case
                    when history.dbt_valid_from <= as_of.as_of
                        then history.dbt_valid_from
                end desc,
                history.dbt_valid_from asc
        ) as version_rank
    from history
    cross join as_of
),

described as (
    select
        versions.glossary_term_id,
        versions.term,
        nullif(versions.meaning, '') as meaning,
        nullif(versions.category, '') as category,
        versions.description,
        versions.created_at,
        row_number() over (
            partition by lower(versions.term)
            order by
                versions.created_at desc nulls last,
                versions.glossary_term_id desc
        ) as recency
    from versions
    cross join as_of
    where
        versions.version_rank = 1
        and versions.term <> ''
        and versions.description <> ''
        and coalesce(versions.created_at <= as_of.as_of, true)
        and coalesce(versions.deleted_in_source_at > as_of.as_of, true)
),

final as (
    select
        glossary_term_id,

        term,
        meaning,
        category,
        description,

        created_at
    from described
    where recency = 1
)

select * from final
