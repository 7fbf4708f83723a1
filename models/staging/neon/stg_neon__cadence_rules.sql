with

source as (select * from {{ source('neon', 'cadence_rules') }}),

renamed as (
    select
        id as cadence_rule_id,

        name as rule_name,
        description,

        value_in_hours as window_hours,
        value_count as push_limit,

        is_active,

        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
