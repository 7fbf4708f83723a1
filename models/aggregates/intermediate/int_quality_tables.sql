with

app_orphans as (select * from {{ ref('int_quality_app_orphans') }}),

chemlink_orphans as (select * from {{ ref('int_quality_chemlink_orphans') }}),

engagement_orphans as (
    select * from {{ ref('int_quality_engagement_orphans') }}
),

table_counts as (select * from {{ ref('int_quality_table_counts') }}),

months as (select * from {{ ref('int_quality_months') }}),

unioned as (
    select * from app_orphans
    union all
    select * from chemlink_orphans
    union all
    select * from engagement_orphans
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
