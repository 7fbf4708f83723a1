with

source as (
    select * from {{ source('engagement', 'conversation_participants') }}
),

renamed as (
    select
        conversation_id,
        person_id,

        lower(role) as participant_role,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        joined_at,
        left_at,
        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
