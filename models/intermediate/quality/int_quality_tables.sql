with

orphans as (select * from {{ ref('int_quality_orphans') }}),

table_counts as (select * from {{ ref('int_quality_table_counts') }}),

months as (select * from {{ ref('int_quality_months') }}),

unioned as (
    select * from orphans
    union all
    select * from table_counts
    union all
    select * from months
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
