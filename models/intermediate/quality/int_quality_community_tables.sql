with

persons as (select * from {{ ref('stg_engagement__persons') }}),

posts as (select * from {{ ref('stg_engagement__posts') }}),

comments as (select * from {{ ref('stg_engagement__comments') }}),

groups as (select * from {{ ref('stg_engagement__groups') }}),

group_members as (select * from {{ ref('stg_engagement__group_members') }}),

as_of as (select * from {{ ref('int_as_of') }}),

table_rows as (
    select
        'engagement.persons' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from persons

    union all

    select
        'engagement.posts' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from posts

    union all

    select
        'engagement.comments' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from comments

    union all

    select
        'engagement.groups' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from groups

    union all

    select
        'engagement.group_members' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from group_members
),

final as (
    {{ quality_tables('table_rows', 'as_of') }}
)

select * from final
