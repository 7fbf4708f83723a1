with

activity as (select * from {{ ref('int_counted_activity') }}),

posts as (select * from {{ ref('stg_engagement__posts') }}),

comments as (select * from {{ ref('stg_engagement__comments') }}),

as_of as (select * from {{ ref('int_as_of') }}),

post_comments as (
    select
        comments.post_id,
        count(*) as comments
    from activity
    inner join comments
        on activity.source_id = cast(comments.comment_id as text)
    where activity.activity_type = 'comment'
    group by 1
),

written as (
    select
        activity.metric_date,
        activity.user_key,
        coalesce(posts.post_type, 'unknown') as post_type,
        posts.deleted_at is null or posts.deleted_at > as_of.as_of
            as is_standing,
        coalesce(post_comments.comments, 0) as comments
    from activity
    inner join posts
        on activity.source_id = cast(posts.post_id as text)
    cross join as_of
    left join post_comments
        on posts.post_id = post_comments.post_id
    where activity.activity_type = 'post'
),

final as (
    select
        metric_date,

        post_type,

        count(*) as posts,
        count(distinct user_key) as posters,
        count(*) filter (where is_standing) as standing_posts,
        cast(sum(comments) as bigint) as comments,
        count(*) filter (where comments > 0) as commented_posts
    from written
    group by 1, 2
)

select * from final
