with

source as (select * from {{ source('chemlink', 'sessions') }}),

renamed as (
    select
        id as login_session_id,
        identity_id,

        aal as assurance_level,

        active as is_active,

        authenticated_at,
        issued_at,
        expires_at,
        logged_out_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
