with

source as (select * from {{ source('chemlink', 'glossary') }}),

renamed as (
    select
        id as glossary_term_id,

        trim(both ' ' from term) as term,
        trim(both ' ' from meaning) as meaning,
        trim(both ' ' from category) as category,
        trim(both ' ' from description) as description,

        {{ has_implausible_time('created_at', 'updated_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        _deleted_in_source_at as deleted_in_source_at,
        {{ changed_time('updated_at', '_deleted_in_source_at') }} as changed_at
    from source
)

select * from renamed
