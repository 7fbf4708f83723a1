with

source as (select * from {{ source('neon', 'automations') }}),

renamed as (
    select
        id as automation_id,
        file_hash,

        trim(both ' ' from name) as automation_name,
        lower(type) as automation_type,
        lower(status) as status,
        schedule_timezone,
        lower(schedule_frequency) as schedule_frequency,
        schedule_execution_time,
        schedule_cron_expression,

        schedule_lead_time_minutes,

        is_active,
        {{ has_implausible_time('created_at', 'updated_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at
    from source
)

select * from renamed
