with

glossary_terms as (select * from {{ ref('stg_chemlink__glossary_terms') }}),

history as (select * from {{ ref('glossary_terms_history') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- today's text is masked as today; the history is only for what it replaced
unioned as (
    select
        glossary_term_id,
        term,
        meaning,
        category,
        description,
        created_at,
        deleted_in_source_at,
        changed_at as valid_from_at
    from glossary_terms

    union all

    select
        history.glossary_term_id,
        history.term,
        history.meaning,
        history.category,
        history.description,
        history.created_at,
        glossary_terms.deleted_in_source_at,
        history.dbt_valid_from as valid_from_at
    from history
    inner join glossary_terms
        on
            history.glossary_term_id = glossary_terms.glossary_term_id
            and history.dbt_valid_from < glossary_terms.changed_at
),

-- the newest version by then; the oldest stands for the time before it
versions as (
    select
        unioned.*,
        row_number() over (
            partition by unioned.glossary_term_id
            order by
                unioned.valid_from_at <= as_of.as_of desc,
                case
                    when unioned.valid_from_at <= as_of.as_of
                        then unioned.valid_from_at
                end desc,
                unioned.valid_from_at asc
        ) as version_rank
    from unioned
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
