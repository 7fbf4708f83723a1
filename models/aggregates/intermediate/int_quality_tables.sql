with

app_orphans as (select * from {{ ref('int_quality_app_orphans') }}),

chemlink_orphans as (select * from {{ ref('int_quality_chemlink_orphans') }}),

engagement_orphans as (
    select * from {{ ref('int_quality_engagement_orphans') }}
),

app_deletions as (select * from {{ ref('int_quality_app_deletions') }}),

chemlink_deletions as (
    select * from {{ ref('int_quality_chemlink_deletions') }}
),

engagement_deletions as (
    select * from {{ ref('int_quality_engagement_deletions') }}
),

unioned as (
    select * from app_orphans
    union all
    select * from chemlink_orphans
    union all
    select * from engagement_orphans
    union all
    select * from app_deletions
    union all
    select * from chemlink_deletions
    union all
    select * from engagement_deletions
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
