with

source as (select * from {{ source('chemlink', 'audit_logs') }}),

renamed as (
    select
        id as audit_log_id,
        user_id as actor_public_person_id,
        entity_id,

        lower(action) as audited_action,
        lower(entity_type) as entity_type,

        {{ has_implausible_time('created_at') }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
