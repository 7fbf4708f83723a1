with

source as (select * from {{ source('neon', 'user_notifications') }}),

renamed as (
    select
        id as notification_row_id,
        user_id,
        user_id_hash,
        notification_id,
        -- layer 5 was called 0 formerly
        case when layer_id = 0 then 5 else layer_id end as layer_id,

        trim(both ' ' from push_title) as push_title,
        trim(both ' ' from push_body) as push_body,
        audience_description,
        deep_link,

        {{ has_implausible_time('sent_at') }} as has_implausible_time,

        {{ plausible_time('sent_at') }} as sent_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
