"""What was posted, and what came of it."""

from collections import defaultdict
from itertools import product

from tests.integration.product_brute_force.days import open_last, share
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import World


def content(world: World) -> list[Row]:
    """Return agg_content."""
    comments = defaultdict(int)
    for one in world.eligible_activity:
        if one.type == "comment":
            comments[one.row["post_id"]] += 1
    cells = defaultdict(list)
    for one in world.eligible_activity:
        if one.type == "post":
            cells[one.at.date(), one.row["type"] or "unknown"].append(one)
    written = [row["created_at"] for row in world.rows("engagement.posts")]
    kinds = {kind for _, kind in cells}
    rows = []
    for day, kind in product(world.days_since(min(written).date()), kinds):
        posts = cells.get((day, kind), [])
        standing = [
            one.row["id"]
            for one in posts
            if not (one.row["deleted_at"] and one.row["deleted_at"] <= world.as_of)
        ]
        commented = sum(comments[post] > 0 for post in standing)
        replies = sum(comments[post] for post in standing)
        rows.append(
            {
                "metric_date": day,
                "post_type": kind,
                "posts": len(posts),
                "posters": len({one.user_key for one in posts}),
                "standing_posts": len(standing),
                "deleted_share": share(len(posts) - len(standing), len(posts)),
                "comments": replies,
                "comments_per_post": share(replies, len(standing)),
                "commented_posts": commented,
                "commented_share": share(commented, len(standing)),
            }
        )
    return open_last(world, rows, "engagement")
