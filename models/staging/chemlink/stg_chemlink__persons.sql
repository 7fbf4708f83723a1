with

source as (select * from {{ source('chemlink', 'persons') }}),

renamed as (
    select
        id as person_id,
        person_id as public_person_id,
        person_id_hash,
        chemlink_id,
        kratos_id as identity_id,
        hydra_id,
        first_name_hash,
        last_name_hash,
        email_hash,
        email_domain_hash,
        secondary_email_hash,
        linked_in_url_hash,
        location_id,
        company_id,
        role_id,

        mobile_number_country_code as phone_country_code,

        headline_description_length as headline_length,

        coalesce(has_finder, false) as has_finder,
        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'updated_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at,
        {{ changed_time('updated_at', 'deleted_at') }} as changed_at
    from source
)

select * from renamed
