"""dim_users, person by person."""

from collections import Counter
from datetime import timedelta

from tests.integration.product_brute_force.people import Person
from tests.integration.product_brute_force.profiles import Profile, profiles
from tests.integration.product_brute_force.sources import Row, seed
from tests.integration.product_brute_force.world import ACTIVITY, World, is_activation

IN_APP = ("posthog", "app")
METRICS = [row["metric"] for row in seed("push_metrics")]


def users(world: World) -> list[Row]:
    """Return the row of each person."""
    scored = profiles(world)
    return [_user(world, person, scored) for person in world.people.values()]


def _user(world: World, person: Person, scored: dict[str, Profile]) -> Row:
    actions = world.own_actions[person.user_key]
    counts = Counter(one.type for one in actions)
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
        "post_count": counts["post"],
        "comment_count": counts["comment"],
        "mention_count": counts["mention"],
        "vote_count": counts["vote"],
        "collection_count": counts["collection_created"],
        "share_count": counts["collection_shared"],
        "message_count": counts["message_sent"],
        "login_count": counts["login"],
        "session_count": counts["sessions"],
        "group_count": counts["group_created"],
        "group_join_count": counts["group_joined"],
        "report_count": counts["report_filed"],
        "profile_add_count": counts["profile_added_to_collection"],
        "experience_count": counts["experience_added"],
        "education_count": counts["education_added"],
        "app_action_count": sum(counts[one] for one in METRICS if one != "sessions"),
        "is_in_app": "app" in systems,
        "is_in_posthog": bool(distinct_ids),
        "is_in_chemlink": "chemlink" in systems,
        "is_in_engagement": "engagement" in systems,
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
