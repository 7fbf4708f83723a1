with

pairs as (
    select metric_date, 'posters' as part, posters as part_count, posts as whole
    from {{ ref('agg_content') }}
    union all
    select metric_date, 'standing_posts' as part, standing_posts, posts
    from {{ ref('agg_content') }}
    union all
    select
        metric_date,
        'commented_posts' as part,
        commented_posts,
        standing_posts
    from {{ ref('agg_content') }}
    union all
    select metric_date, 'commented_posts' as part, commented_posts, comments
    from {{ ref('agg_content') }}
    union all
    select metric_date, 'voters' as part, voters, votes
    from {{ ref('agg_finder') }}
    union all
    select metric_date, 'rated_profiles' as part, rated_profiles, votes
    from {{ ref('agg_finder') }}
    union all
    select metric_date, 'senders' as part, senders, messages
    from {{ ref('agg_messaging') }}
    union all
    select
        metric_date,
        'active_conversations' as part,
        active_conversations,
        messages
    from {{ ref('agg_messaging') }}
    union all
    select metric_date, 'logged_in_users' as part, logged_in_users, logins
    from {{ ref('agg_logins') }}
    union all
    select metric_date, 'visitors' as part, visitors, sessions
    from {{ ref('agg_logins') }}
)

select
    metric_date,
    part,
    part_count,
    whole
from pairs
where part_count > whole
