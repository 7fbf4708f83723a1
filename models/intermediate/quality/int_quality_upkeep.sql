with

identities as (select * from {{ ref('int_quality_identities') }}),

row_changes as (select * from {{ ref('int_quality_row_changes') }}),

freshness as (select * from {{ ref('int_quality_freshness') }}),

unioned as (
    select * from identities
    union all
    select * from row_changes
    union all
    select * from freshness
),

final as (
    select
        check_name,
        subject,

        numerator,
        denominator
    from unioned
)

select * from final
