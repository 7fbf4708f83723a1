with

persons as (select * from {{ ref('stg_engagement__persons') }}),

posts as (select * from {{ ref('stg_engagement__posts') }}),

comments as (select * from {{ ref('stg_engagement__comments') }}),

reports as (select * from {{ ref('stg_engagement__reports') }}),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'engagement.reports.reporter_id' as subject,
        'person' as parent,
        reporter_person_id as parent_id,
        created_at
    from reports

    union all

    select
        'engagement.reports.reported_post_id' as subject,
        'post' as parent,
        reported_post_id as parent_id,
        created_at
    from reports

    union all

    select
        'engagement.reports.reported_comment_id' as subject,
        'comment' as parent,
        reported_comment_id as parent_id,
        created_at
    from reports
),

parents as (
    select 'person' as parent, person_id as parent_id from persons
    union all
    select 'post' as parent, post_id as parent_id from posts
    union all
    select 'comment' as parent, comment_id as parent_id from comments
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
