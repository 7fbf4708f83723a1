with

source as (select * from {{ source('neon', 'push_job_batches') }}),

renamed as (
    select
        job_id,
        file_hash,

        lower(status) as status,

        batch_position,
        batch_number,
        total_batches as batch_count,
        success_count,
        failure_count,

        {{ has_implausible_time('sent_at') }} as has_implausible_time,

        {{ plausible_time('sent_at') }} as sent_at
    from source
)

select * from renamed
