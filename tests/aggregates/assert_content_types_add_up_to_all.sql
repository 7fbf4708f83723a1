-- who posts in several types counts once in all
select
    metric_date,
    sum(posts) filter (where post_type = 'all') as posts_of_all,
    sum(posts) filter (where post_type <> 'all') as posts_of_types
from {{ ref('agg_content') }}
group by metric_date
having
    sum(posts) filter (where post_type = 'all')
    is distinct from sum(posts) filter (where post_type <> 'all')
    or sum(standing_posts) filter (where post_type = 'all')
    is distinct from sum(standing_posts) filter (where post_type <> 'all')
    or sum(comments) filter (where post_type = 'all')
    is distinct from sum(comments) filter (where post_type <> 'all')
    or sum(commented_posts) filter (where post_type = 'all')
    is distinct from sum(commented_posts) filter (where post_type <> 'all')
    or sum(posters) filter (where post_type = 'all')
    > sum(posters) filter (where post_type <> 'all')
