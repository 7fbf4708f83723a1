with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'content'
),

daily_posts as (select * from {{ ref('int_daily_posts') }}),

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
        cast(posts - standing_posts as double precision) / nullif(posts, 0)
            as deleted_share,
        comments,
        cast(comments as double precision) / nullif(standing_posts, 0)
            as comments_per_post,
        commented_posts,
        cast(commented_posts as double precision) / nullif(standing_posts, 0)
            as commented_share,

        is_complete
    from known
)

select * from final
