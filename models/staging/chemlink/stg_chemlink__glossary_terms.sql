with

source as (select * from {{ source('chemlink', 'glossary') }}),

renamed as (
    select
        id as glossary_term_id,

        trim(term) as term,
        trim(meaning) as meaning,
        trim(category) as category,
        trim(description) as description,

        created_at,
        updated_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
