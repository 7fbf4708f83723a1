"""How engaged each user was at the end of each month."""

from collections import Counter
from datetime import timedelta

from tests.integration.product_brute_force.people import Person
from tests.integration.product_brute_force.periods import next_start, starts_since
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import (
    ACTIVITY,
    TYPES,
    World,
    midnight,
)


def user_engagement(world: World) -> list[Row]:
    """Return agg_user_engagement."""
    return [row for person in world.counted for row in _of_user(world, person)]


def _of_user(world: World, person: Person) -> list[Row]:
    actions = world.own_actions[person.user_key]
    began = [at for at in (person.signup_at, actions[0].at if actions else None) if at]
    if not began:
        return []
    rows = []
    for month in starts_since(world, "month", min(began).date()):
        known_until = world.known_until(*ACTIVITY)
        if month >= known_until.date():
            break
        until = min(midnight(next_start("month", month)), known_until)
        since = until - timedelta(days=30)
        counts = Counter(one.type for one in actions if since <= one.at < until)
        score = sum(_weight(kind) * count for kind, count in counts.items())
        rows.append(
            {
                "user_key": person.user_key,
                "month_start_date": month,
                "engagement_score": score,
                "engagement_level": engagement_level(score, counts.total()),
                "action_count": counts.total(),
                "post_count": counts["post"],
                "comment_count": counts["comment"],
                "vote_count": counts["vote"],
                "collection_count": counts["collection_created"],
                "share_count": counts["collection_shared"],
                "mention_count": counts["mention"],
                "message_count": counts["message_sent"],
                "login_count": counts["login"],
                "session_count": counts["sessions"],
                "is_tracked": since >= midnight(world.tracked_from),
                "is_complete": world.is_known(next_start("month", month), *ACTIVITY),
                "scored_until_at": until,
            }
        )
    return rows


def _weight(kind: str) -> int:
    return int(TYPES[kind]["engagement_weight"]) if kind in TYPES else 0


def engagement_level(score: int, action_count: int) -> str:
    """Name the level of a score."""
    if score >= 50:
        return "power"
    if score >= 20:
        return "active"
    if score > 0:
        return "casual"
    return "lurker" if action_count else "inactive"
