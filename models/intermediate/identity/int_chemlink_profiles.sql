with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

final as (
    select
        person_id,
        person_id_hash as user_key,
        email_hash,
        email_domain_hash,
        location_id,
        company_id,
        role_id,

        headline_length,

        first_name_hash is not null as has_first_name,
        last_name_hash is not null as has_last_name,
        linked_in_url_hash is not null as has_linked_in,
        has_finder,

        created_at,
        updated_at,
        deleted_at,
        changed_at
    from persons
)

select * from final
