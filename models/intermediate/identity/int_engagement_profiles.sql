with

persons as (select * from {{ ref('stg_engagement__persons') }}),

final as (
    select
        cast(person_id as {{ type_text() }}) as person_id,
        person_id_hash,
        external_id_hash,
        email_hash,
        email_domain_hash,

        created_at,
        updated_at,
        deleted_at,
        changed_at
    from persons
)

select * from final
