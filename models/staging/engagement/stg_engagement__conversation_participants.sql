with

source as (
    select * from {{ source('engagement', 'conversation_participants') }}
),

renamed as (
    select
        conversation_id,
        person_id,

        lower(role) as participant_role,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time(
            'joined_at',
            'left_at',
            'created_at',
            'updated_at',
            'deleted_at'
        ) }} as has_implausible_time,

        {{ plausible_time('joined_at') }} as joined_at,
        {{ plausible_time('left_at') }} as left_at,
        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
