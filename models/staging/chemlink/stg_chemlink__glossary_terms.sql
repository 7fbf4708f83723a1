with

source as (select * from {{ source('chemlink', 'glossary') }}),

renamed as (
    select
        id as glossary_term_id,

        trim(both ' ' from term) as term,
        trim(both ' ' from meaning) as meaning,
        trim(both ' ' from category) as category,
        trim(both ' ' from description) as description,

        created_at,
        updated_at,
        _deleted_in_source_at as deleted_in_source_at,
        -- the dates may all be missing, and a history needs one
        coalesce(
            greatest(created_at, updated_at, _deleted_in_source_at),
            timestamptz '1970-01-01 00:00:00+00'
        ) as changed_at
    from source
)

select * from renamed
