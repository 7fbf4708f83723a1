with

source as (select * from {{ source('neon', 'push_job_batches') }}),

renamed as (
    select
        job_id,
        file_hash,

        lower(status) as status,

        batch_position,
        success_count,
        failure_count,

        sent_at
    from source
)

select * from renamed
