with

source as (select * from {{ source('chemlink', 'query_embeddings') }}),

renamed as (
    select
        id as search_id,

        lower(intent) as intent,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
