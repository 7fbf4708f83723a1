with

source as (select * from {{ source('assistant', 'users') }}),

renamed as (
    select
        id as assistant_user_id,
        id_hash as assistant_user_id_hash,
        email_hash,
        email_domain_hash,

        lower(plan) as plan,

        cast(credit_allowance as {{ type_double() }}) as credit_allowance,

        -- who was not asked has not agreed
        coalesce(analytics_consent, false) as has_consent,
        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
