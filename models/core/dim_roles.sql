with

roles as (select * from {{ ref('stg_chemlink__roles') }}),

final as (
    select
        role_id,

        role_name
    from roles
)

select * from final
