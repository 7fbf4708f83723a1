with

persons as (select * from {{ ref('stg_engagement__persons') }}),

final as (
    select
        person_id,
        person_id_hash,
        external_id_hash,
        email_hash,

        created_at,
        updated_at,
        deleted_at,
        changed_at
    from persons
)

select * from final
