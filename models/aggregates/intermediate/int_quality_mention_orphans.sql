with

persons as (select * from {{ ref('stg_engagement__persons') }}),

posts as (select * from {{ ref('stg_engagement__posts') }}),

comments as (select * from {{ ref('stg_engagement__comments') }}),

mentions as (select * from {{ ref('stg_engagement__mentions') }}),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'engagement.mentions.post_id' as subject,
        'post' as parent,
        post_id as parent_id,
        created_at
    from mentions

    union all

    select
        'engagement.mentions.comment_id' as subject,
        'comment' as parent,
        comment_id as parent_id,
        created_at
    from mentions

    union all

    select
        'engagement.mentions.mentioned_person_id' as subject,
        'person' as parent,
        mentioned_person_id as parent_id,
        created_at
    from mentions

    union all

    select
        'engagement.mentions.mentioned_by_person_id' as subject,
        'person' as parent,
        mentioning_person_id as parent_id,
        created_at
    from mentions
),

parents as (
    select 'post' as parent, post_id as parent_id from posts
    union all
    select 'comment' as parent, comment_id as parent_id from comments
    union all
    select 'person' as parent, person_id as parent_id from persons
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
