with

source as (select * from {{ source('chemlink', 'query_votes') }}),

renamed as (
    select
        id as vote_id,
        voter_id as voter_person_id,
        profile_id as rated_person_id,

        lower(type) as vote_type,

        score,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
