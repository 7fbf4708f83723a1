select
    metric_date,
    sum(searches) filter (where intent = 'all') as of_all,
    sum(searches) filter (where intent <> 'all') as of_intents,
    sum(votes) as votes,
    sum(upvotes + downvotes + other_votes) as votes_by_type
from {{ ref('agg_finder') }}
group by metric_date
having
    sum(searches) filter (where intent = 'all')
    is distinct from coalesce(
        sum(searches) filter (where intent <> 'all'), 0
    )
    or sum(votes) is distinct from sum(upvotes + downvotes + other_votes)
