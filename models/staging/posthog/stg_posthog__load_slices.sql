with

source as (select * from {{ source('posthog', 'load_slices') }}),

renamed as (
    select
        slice_id,

        mode as load_mode,
        events as event_names,
        file as file_name,
        status,

        first_bucket,
        last_bucket,
        first_uuid_bucket,
        last_uuid_bucket,
        expected_rows as expected_row_count,
        expected_checksum,
        loaded_rows as loaded_row_count,
        attempts as attempt_count,

        first_day as first_day_at,
        last_day as last_day_at,
        loaded_from as loaded_from_at,
        loaded_until as loaded_until_at
    from source
)

select * from renamed
