with

source as (select * from {{ source('assistant', 'user_actions') }}),

renamed as (
    select
        id as user_action_id,
        user_id as assistant_user_id,
        job_id_hash,

        lower(action) as user_action,

        {{ has_implausible_time('created_at') }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
