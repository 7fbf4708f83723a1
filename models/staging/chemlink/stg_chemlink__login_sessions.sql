with

source as (select * from {{ source('chemlink', 'sessions') }}),

renamed as (
    select
        id as login_session_id,
        identity_id,

        aal as assurance_level,

        active as is_active,
        {{ has_implausible_time(
            'authenticated_at',
            'issued_at',
            'expires_at',
            'logged_out_at'
        ) }} as has_implausible_time,

        {{ plausible_time('authenticated_at') }} as authenticated_at,
        {{ plausible_time('issued_at') }} as issued_at,
        {{ plausible_time('expires_at') }} as expires_at,
        {{ plausible_time('logged_out_at') }} as logged_out_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
