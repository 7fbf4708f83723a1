with

persons as (select * from {{ ref('stg_engagement__persons') }}),

posts as (select * from {{ ref('stg_engagement__posts') }}),

comments as (select * from {{ ref('stg_engagement__comments') }}),

groups as (select * from {{ ref('stg_engagement__groups') }}),

group_members as (select * from {{ ref('stg_engagement__group_members') }}),

as_of as (select * from {{ ref('int_as_of') }}),

linked as (
    select
        'engagement.posts.person_id' as subject,
        posts.created_at,
        persons.person_id is null as is_orphan
    from posts
    left join persons
        on posts.author_person_id = persons.person_id
    where posts.author_person_id is not null

    union all

    select
        'engagement.comments.person_id' as subject,
        comments.created_at,
        persons.person_id is null as is_orphan
    from comments
    left join persons
        on comments.author_person_id = persons.person_id
    where comments.author_person_id is not null

    union all

    select
        'engagement.comments.post_id' as subject,
        comments.created_at,
        posts.post_id is null as is_orphan
    from comments
    left join posts
        on comments.post_id = posts.post_id
    where comments.post_id is not null

    union all

    select
        'engagement.group_members.group_id' as subject,
        group_members.created_at,
        groups.group_id is null as is_orphan
    from group_members
    left join groups
        on group_members.group_id = groups.group_id
    where group_members.group_id is not null

    union all

    select
        'engagement.group_members.person_id' as subject,
        group_members.created_at,
        persons.person_id is null as is_orphan
    from group_members
    left join persons
        on group_members.person_id = persons.person_id
    where group_members.person_id is not null
),

final as (
    select
        'orphans' as check_name,
        linked.subject,

        count(*) filter (where linked.is_orphan) as numerator,
        count(*) as denominator
    from linked
    inner join as_of
        on linked.created_at <= as_of.as_of
    group by 2
)

select * from final
