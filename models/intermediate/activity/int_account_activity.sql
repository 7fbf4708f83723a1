with

app_activity as (select * from {{ ref('int_app_activity') }}),

chemlink_activity as (select * from {{ ref('int_chemlink_activity') }}),

profile_activity as (select * from {{ ref('int_profile_activity') }}),

content_activity as (select * from {{ ref('int_content_activity') }}),

group_activity as (select * from {{ ref('int_group_activity') }}),

lasting as (
    select * from chemlink_activity
    union all
    select * from profile_activity
),

voidable as (
    select * from app_activity
    union all
    select * from content_activity
    union all
    select * from group_activity
),

final as (
    select
        account_id,
        activity_type,
        source_system,
        source_table,
        source_id,
        occurred_at,
        cast(null as timestamptz) as voided_at
    from lasting

    union all

    select
        account_id,
        activity_type,
        source_system,
        source_table,
        source_id,
        occurred_at,
        voided_at
    from voidable
)

select * from final
