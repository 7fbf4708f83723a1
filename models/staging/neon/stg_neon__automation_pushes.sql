with

source as (select * from {{ source('neon', 'automation_pushes') }}),

renamed as (
    select
        automation_id,
        file_hash,
        -- layer 5 was called 0 formerly
        case when layer_id = 0 then 5 else layer_id end as layer_id,

        trim(both ' ' from title) as push_title,
        trim(both ' ' from body) as push_body,
        deep_link,
        trim(both ' ' from audience_name) as audience_name,

        push_position,
        sequence_order,
        delay_after_previous
    from source
)

select * from renamed
