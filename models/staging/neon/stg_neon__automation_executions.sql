with

source as (select * from {{ source('neon', 'automation_executions') }}),

renamed as (
    select
        id as execution_id,
        cast(automation_id as {{ type_text() }}) as automation_id,
        instance_id,

        trim(both ' ' from automation_name) as automation_name,
        lower(status) as status,
        current_phase,
        lower(execution_mode) as execution_mode,

        audience_size,
        pushes_sent,
        pushes_failed,
        duration_ms,

        {{ has_implausible_time(
            'started_at',
            'completed_at',
            'created_at',
            'updated_at'
        ) }} as has_implausible_time,

        {{ plausible_time('started_at') }} as started_at,
        {{ plausible_time('completed_at') }} as completed_at,
        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
