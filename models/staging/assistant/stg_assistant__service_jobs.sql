with

source as (select * from {{ source('assistant', 'service_jobs') }}),

renamed as (
    select
        id as job_id,
        id_hash as job_id_hash,
        conversation_id,
        user_id as assistant_user_id,

        lower(service) as service,
        case
            when lower(status) in ('completed', 'succeeded', 'success', 'done')
                then 'completed'
            when lower(status) in ('failed', 'error', 'timeout', 'rejected')
                then 'failed'
            when lower(status) in ('cancelled', 'canceled', 'aborted')
                then 'cancelled'
            else 'open'
        end as status,
        lower(error_code) as error_code,

        coalesce(cast(credits_used as {{ type_double() }}), 0) as credits_used,

        {{ has_implausible_time('created_at', 'started_at', 'completed_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('started_at') }} as started_at,
        {{ plausible_time('completed_at') }} as completed_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
