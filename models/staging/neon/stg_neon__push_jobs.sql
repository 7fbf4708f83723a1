with

source as (select * from {{ source('neon', 'push_jobs') }}),

renamed as (
    select
        job_id,
        file_hash,
        -- layer 5 was called 0 formerly
        case when layer_id = 0 then 5 else layer_id end as layer_id,

        lower(status) as status,
        trim(both ' ' from title) as push_title,
        trim(both ' ' from body) as push_body,
        audience_description,
        deep_link,

        success_count,
        failed_count as failure_count,
        total_tokens as token_count,

        -- a log that does not say so is of a real job
        coalesce(is_dry_run, false) as is_dry_run,
        {{ has_implausible_time('started_at', 'ended_at') }}
            as has_implausible_time,

        {{ plausible_time('started_at') }} as started_at,
        {{ plausible_time('ended_at') }} as ended_at
    from source
)

select * from renamed
