with

persons as (select * from {{ ref('stg_engagement__persons') }}),

posts as (select * from {{ ref('stg_engagement__posts') }}),

comments as (select * from {{ ref('stg_engagement__comments') }}),

groups as (select * from {{ ref('stg_engagement__groups') }}),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'engagement.posts.person_id' as subject,
        'person' as parent,
        author_person_id as parent_id,
        created_at
    from posts

    union all

    select
        'engagement.posts.group_id' as subject,
        'group' as parent,
        group_id as parent_id,
        created_at
    from posts

    union all

    select
        'engagement.comments.person_id' as subject,
        'person' as parent,
        author_person_id as parent_id,
        created_at
    from comments

    union all

    select
        'engagement.comments.post_id' as subject,
        'post' as parent,
        post_id as parent_id,
        created_at
    from comments

    union all

    select
        'engagement.comments.parent_comment_id' as subject,
        'comment' as parent,
        parent_comment_id as parent_id,
        created_at
    from comments
),

parents as (
    select 'person' as parent, person_id as parent_id from persons
    union all
    select 'group' as parent, group_id as parent_id from groups
    union all
    select 'post' as parent, post_id as parent_id from posts
    union all
    select 'comment' as parent, comment_id as parent_id from comments
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
