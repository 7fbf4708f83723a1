with

schools as (select * from {{ ref('stg_chemlink__schools') }}),

final as (
    select
        school_id,

        school_name
    from schools
)

select * from final
