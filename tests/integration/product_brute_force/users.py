"""dim_users and agg_user_activity, person by person."""

from collections import defaultdict
from datetime import timedelta

from tests.integration.product_brute_force.people import Person
from tests.integration.product_brute_force.profiles import Profile, profiles
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import ACTIVITY, World, is_activation

IN_APP = ("posthog", "app")


def users(world: World) -> list[Row]:
    """Return the row of each person."""
    scored = profiles(world)
    return [_user(world, person, scored) for person in world.people.values()]


def user_activity(world: World) -> list[Row]:
    """Return the row of each person and type of activity."""
    times = defaultdict(list)
    for person in world.people.values():
        for one in world.own_actions[person.user_key]:
            times[person.user_key, one.type].append(one.at)
    return [
        {
            "user_key": user_key,
            "activity_type": activity_type,
            "activity_count": len(found),
            "first_activity_at": min(found),
            "last_activity_at": max(found),
        }
        for (user_key, activity_type), found in times.items()
    ]


def _user(world: World, person: Person, scored: dict[str, Profile]) -> Row:
    actions = world.own_actions[person.user_key]
    systems = {account.system for account in person.accounts}
    distinct_ids = {
        one
        for one, key in world.identities.distinct_ids.items()
        if key == person.user_key
    }
    app = person.account("app")
    in_app = [one.at for one in actions if one.system in IN_APP]
    first_seen = [at for at in (app and app.created_at, *in_app[:1]) if at]
    activations = [one.at for one in actions if is_activation(one)]
    profile = scored.get(person.user_key)
    return {
        "user_key": person.user_key,
        "user_type": person.user_type,
        "lifecycle_stage": lifecycle_stage(world, person),
        "profile_completion_score": profile and profile.score_at(world.as_of),
        "is_profile_complete": profile and profile.is_complete(world.as_of),
        "location_id": profile and profile.person["location_id"],
        "company_id": profile and profile.person["company_id"],
        "role_id": profile and profile.person["role_id"],
        "activity_count": len(actions),
        "is_in_app": "app" in systems,
        "is_in_posthog": bool(distinct_ids),
        "is_in_chemlink": "chemlink" in systems,
        "is_in_engagement": "engagement" in systems,
        "is_in_assistant": "assistant" in systems,
        "has_identity_conflict": any(one.has_conflict for one in person.accounts)
        or bool(distinct_ids & world.identities.ambiguous_distinct_ids),
        "has_finder": person.has_finder,
        "is_test_account": person.is_test_account,
        "is_deleted": person.is_deleted,
        "signup_at": person.signup_at,
        "app_first_seen_at": min(first_seen, default=None),
        "first_activity_at": actions[0].at if actions else None,
        "last_activity_at": actions[-1].at if actions else None,
        "activated_at": min(activations, default=None),
    }


def lifecycle_stage(world: World, person: Person) -> str:
    """Return where somebody stood when all systems of activity were known."""
    known_until = world.known_until(*ACTIVITY)
    actions = world.own_actions[person.user_key]
    if not actions:
        week_ago = known_until - timedelta(days=7)
        is_new = person.signup_at is not None and person.signup_at >= week_ago
        return "new" if is_new else "never_active"
    if actions[0].at >= known_until - timedelta(days=30):
        return "activated"
    if actions[-1].at >= known_until - timedelta(days=30):
        return "engaged"
    if actions[-1].at >= known_until - timedelta(days=90):
        return "dormant"
    return "churned"
