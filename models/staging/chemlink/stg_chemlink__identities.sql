with

source as (select * from {{ source('chemlink', 'identities') }}),

renamed as (
    select
        id as identity_id,

        lower(state) as identity_state,

        created_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
