with

companies as (select * from {{ ref('stg_chemlink__companies') }}),

final as (
    select
        company_id,

        company_name
    from companies
)

select * from final
