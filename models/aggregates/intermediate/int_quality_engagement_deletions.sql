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
        deleted_at
    from persons

    union all

    select
        'engagement.posts' as subject,
        created_at,
        deleted_at
    from posts

    union all

    select
        'engagement.comments' as subject,
        created_at,
        deleted_at
    from comments

    union all

    select
        'engagement.groups' as subject,
        created_at,
        deleted_at
    from groups

    union all

    select
        'engagement.group_members' as subject,
        created_at,
        deleted_at
    from group_members
),

final as (
    select
        'soft_deletes' as check_name,
        table_rows.subject,

        count(*) filter (where table_rows.deleted_at <= as_of.as_of)
            as numerator,
        count(*) as denominator
    from table_rows
    inner join as_of
        on table_rows.created_at <= as_of.as_of
    group by 2
)

select * from final
