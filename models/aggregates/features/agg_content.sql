with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'content'
),

activity as (select * from {{ ref('int_eligible_activity') }}),

posts as (select * from {{ ref('stg_engagement__posts') }}),

comments as (select * from {{ ref('stg_engagement__comments') }}),

as_of as (select * from {{ ref('int_as_of') }}),

post_comments as (
    select
        comments.post_id,
        count(*) as comments
    from activity
    inner join comments
        on activity.source_id = cast(comments.comment_id as {{ type_text() }})
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
        on activity.source_id = cast(posts.post_id as {{ type_text() }})
    cross join as_of
    left join post_comments
        on posts.post_id = post_comments.post_id
    where activity.activity_type = 'post'
),

daily_posts as (
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
),

types as (select distinct post_type from daily_posts),

known as (
    select
        days.metric_date,
        types.post_type,
        days.is_complete,
        case when days.is_complete then coalesce(daily_posts.posts, 0) end
            as posts,
        case when days.is_complete then coalesce(daily_posts.posters, 0) end
            as posters,
        case
            when days.is_complete
                then coalesce(daily_posts.standing_posts, 0)
        end as standing_posts,
        case when days.is_complete then coalesce(daily_posts.comments, 0) end
            as comments,
        case
            when days.is_complete
                then coalesce(daily_posts.commented_posts, 0)
        end as commented_posts
    from days
    cross join types
    left join daily_posts
        on
            days.metric_date = daily_posts.metric_date
            and types.post_type = daily_posts.post_type
),

final as (
    select
        metric_date,

        post_type,

        posts,
        posters,
        standing_posts,
        cast(posts - standing_posts as {{ type_double() }}) / nullif(posts, 0)
            as deleted_share,
        comments,
        cast(comments as {{ type_double() }}) / nullif(standing_posts, 0)
            as comments_per_post,
        commented_posts,
        cast(commented_posts as {{ type_double() }}) / nullif(standing_posts, 0)
            as commented_share,

        is_complete
    from known
)

select * from final
