with

source as (select * from {{ source('chemlink', 'identities') }}),

renamed as (
    select
        id as identity_id,

        lower(state) as identity_state,

        {{ has_implausible_time('created_at') }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
