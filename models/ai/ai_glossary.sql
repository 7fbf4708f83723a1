with

glossary as (select * from {{ ref('dim_glossary') }}),

datasets as (
    select * from {{ ref('int_ai_datasets') }}
    where dataset = 'ai_glossary'
),

-- a term written in another case is the same term
final as (
    select
        glossary.term,
        datasets.dataset_version,
        {{ dataset_split('lower(glossary.term)') }} as split,

        glossary.category,
        case
            when glossary.category is null
                then 'What does "' || glossary.term || '" mean?'
            else
                'What does "' || glossary.term || '" mean ('
                || glossary.category || ')?'
        end as prompt,
        glossary.description,
        glossary.description as completion
    from glossary
    cross join datasets
)

select * from final
