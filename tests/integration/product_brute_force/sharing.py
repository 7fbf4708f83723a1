"""Collections of profiles, and with whom they were shared."""

from datetime import date

from tests.integration.product_brute_force.days import open_last
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import World

ADDED = ("profile_added_to_collection", "collection_shared")


def collections(world: World) -> list[Row]:
    """Return agg_collections.

    The source keeps the newest privacy of a collection only, which stands for the
    time before.
    """
    made = {row["id"]: row for row in world.rows("chemlink.collections")}
    shares = world.rows("chemlink.collection_collaborators")
    found = [*made.values(), *shares, *world.rows("chemlink.collection_profiles")]
    if not found:
        return []
    first = min(row["created_at"] for row in found).date()
    rows = [
        _cell(world, made, shares, day, privacy)
        for day in world.days_since(first)
        for privacy in ("public", "private", "unknown")
    ]
    return open_last(world, rows, "chemlink")


def _cell(
    world: World, made: dict[int, Row], shares: list[Row], day: date, privacy: str
) -> Row:
    people = world.identities.of("chemlink")

    def is_inside(collection: Row | None) -> bool:
        known = collection["privacy"] if collection else None
        name = known.lower() if known in ("PUBLIC", "PRIVATE") else "unknown"
        return privacy == name

    def stands(row: Row) -> bool:
        return world.happened_by(row["created_at"], day) and not world.happened_by(
            row["deleted_at"], day
        )

    done = [
        one.type
        for one in world.done_on[day]
        if (one.type == "collection_created" and is_inside(one.row))
        or (one.type in ADDED and is_inside(made.get(one.row["collection_id"])))
    ]
    live = {
        number
        for number, row in made.items()
        if world.counts(people.get(str(row["person_id"])))
        and is_inside(row)
        and stands(row)
    }
    return {
        "metric_date": day,
        "privacy": privacy,
        "collections_created": done.count("collection_created"),
        "profiles_added": done.count("profile_added_to_collection"),
        "shares": done.count("collection_shared"),
        "collaborators": len(
            {
                row["person_id"]
                for row in shares
                if row["collection_id"] in live
                and stands(row)
                and world.counts(people.get(str(row["person_id"])))
            }
        ),
        "live_collections": len(live),
    }
