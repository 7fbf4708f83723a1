"""Searches, votes on what they found, and the profiles that can be found."""

from collections import Counter
from datetime import date
from itertools import product

from tests.integration.product_brute_force.days import open_last
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import World


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
    rows = [
        {
            "metric_date": day,
            "searches": sum(row["created_at"].date() == day for row in searches),
            **_votes(world, day),
            "finder_profiles": len(_profiles(world, day)),
        }
        for day in world.days_since(min(row["created_at"] for row in found).date())
    ]
    return open_last(world, rows, "chemlink")


def searches(world: World) -> list[Row]:
    """Return agg_searches."""
    asked = Counter(
        (row["created_at"].date(), row["intent"] or "unknown")
        for row in world.rows("chemlink.query_embeddings")
    )
    intents = {intent for _, intent in asked}
    days = [row["metric_date"] for row in finder(world)]
    rows = [
        {"metric_date": day, "intent": intent, "searches": asked[day, intent]}
        for day, intent in product(days, intents)
    ]
    return open_last(world, rows, "chemlink")


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
