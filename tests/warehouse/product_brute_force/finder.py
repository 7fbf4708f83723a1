"""Searches, votes on what they found, and the profiles that can be found."""

from datetime import date

from tests.warehouse.product_brute_force.sources import Row
from tests.warehouse.product_brute_force.world import World

ONLY_IN_ALL = (
    "upvotes",
    "downvotes",
    "other_votes",
    "votes",
    "voters",
    "rated_profiles",
    "finder_profiles",
)


def finder(world: World) -> list[Row]:
    """Return agg_finder."""
    searches = world.rows("chemlink.query_embeddings")
    found = [
        *searches,
        *world.rows("chemlink.query_votes"),
        *world.rows("chemlink.embeddings"),
    ]
    if not found:
        return []
    first = min(row["created_at"] for row in found).date()
    intents = {row["intent"] or "unknown" for row in searches}
    rows = []
    for day in world.days_since(first):
        asked = [
            row["intent"] or "unknown"
            for row in searches
            if row["created_at"].date() == day
        ]
        rows.append(
            {
                "metric_date": day,
                "intent": "all",
                "searches": len(asked),
                **_votes(world, day),
                "finder_profiles": len(_profiles(world, day)),
            }
        )
        rows += [
            {
                "metric_date": day,
                "intent": intent,
                "searches": asked.count(intent),
                **dict.fromkeys(ONLY_IN_ALL),
            }
            for intent in intents
        ]
    return rows


def _votes(world: World, day: date) -> Row:
    votes = [one for one in world.done_on[day] if one.type == "vote"]
    kinds = [one.row["type"] for one in votes]
    up, down = kinds.count("upvote"), kinds.count("downvote")
    return {
        "upvotes": up,
        "downvotes": down,
        "other_votes": len(votes) - up - down,
        "votes": len(votes),
        "voters": len({one.user_key for one in votes}),
        "rated_profiles": len({one.row["profile_id"] for one in votes} - {None}),
    }


def _profiles(world: World, day: date) -> set[int]:
    people = world.identities.of("chemlink")
    return {
        row["person_id"]
        for row in world.rows("chemlink.embeddings")
        if world.counts(people.get(str(row["person_id"])))
        and world.happened_by(row["created_at"], day)
        and not world.happened_by(row["deleted_at"], day)
    }
