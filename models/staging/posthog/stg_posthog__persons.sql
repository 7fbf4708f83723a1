with

source as (select * from {{ source('posthog', 'persons') }}),

renamed as (
    select
        id as posthog_person_id,

        is_identified,

        {{ plausible_time('created_at') }} as created_at
    from source
)

select * from renamed
