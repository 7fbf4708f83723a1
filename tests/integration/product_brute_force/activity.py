"""Everything anybody did, as the sources tell it at a moment."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from tests.integration.product_brute_force.app import (
    Activity,
    confirmed_trades,
    posthog_activity,
)
from tests.integration.product_brute_force.identities import Identities
from tests.integration.product_brute_force.sources import Row, Sources

# Type, table, column of the actor, column of the time.
CHEMLINK = (
    ("vote", "query_votes", "voter_id"),
    ("collection_created", "collections", "person_id"),
    ("collection_shared", "collection_collaborators", "added_by"),
    ("profile_added_to_collection", "collection_profiles", "added_by"),
    ("view_access_granted", "view_access", "person_id"),
    ("experience_added", "experiences", "person_id"),
    ("education_added", "education", "person_id"),
)
ENGAGEMENT = (
    ("post", "posts", "person_id", "created_at"),
    ("comment", "comments", "person_id", "created_at"),
    ("mention", "mentions", "mentioned_by_person_id", "created_at"),
    ("message_sent", "messages", "sender_id", "created_at"),
    ("group_created", "groups", "created_by", "created_at"),
    ("report_filed", "reports", "reporter_id", "created_at"),
    ("moderation_review", "reports", "reporter_id", "reviewed_at"),
)
ACTIONS = {
    "download": "result_downloaded",
    "share": "result_shared",
    "credit_limit": "credit_limit_reached",
}
BULK_ROWS_PER_MINUTE = 20


def activity_at(
    sources: Sources, as_of: datetime, identities: Identities, events: list[Row]
) -> list[Activity]:
    """Return what people did until a moment, and what still counts then."""
    found = [
        *_of_chemlink(sources, identities),
        *_of_engagement(sources, as_of, identities),
        *_profile_updates(sources, as_of, identities),
        *_logins(sources, as_of, identities),
        *_of_assistant(sources, identities),
        *confirmed_trades(sources, as_of, identities),
        *posthog_activity(identities, events),
    ]
    return [one for one in found if one.at <= as_of]


def _of_chemlink(sources: Sources, identities: Identities) -> Iterator[Activity]:
    people = identities.of("chemlink")
    for kind, table, actor in CHEMLINK:
        for row in sources.tables[f"chemlink.{table}"]:
            if str(row[actor]) in people:
                key = people[str(row[actor])]
                yield Activity(key, kind, row["created_at"], "chemlink", row)


def _of_assistant(sources: Sources, identities: Identities) -> Iterator[Activity]:
    people = identities.of("assistant")
    tables = {
        name: sources.tables[f"assistant.{name}"]
        for name in ("conversations", "service_jobs", "user_actions")
    }
    for row in tables["conversations"]:
        key = people.get(str(row["user_id"]))
        if key:
            started_at = row["started_at"]
            yield Activity(key, "conversation_started", started_at, "assistant", row)
    for row in tables["service_jobs"]:
        key = people.get(str(row["user_id"]))
        if key and row["status"] == "completed":
            yield Activity(key, "result_made", row["completed_at"], "assistant", row)
    for row in tables["user_actions"]:
        key = people.get(row["user_id"])
        if key:
            kind = ACTIONS[row["action"]]
            yield Activity(key, kind, row["created_at"], "assistant", row)


def _of_engagement(
    sources: Sources, as_of: datetime, identities: Identities
) -> Iterator[Activity]:
    """Leave out what stood in posts, comments and groups that are gone."""
    people = identities.of("engagement")
    tables = {
        name: sources.tables[f"engagement.{name}"]
        for name in ("posts", "comments", "groups", "group_members")
    }
    gone = {
        row["id"]
        for name in ("posts", "comments", "groups")
        for row in tables[name]
        if row["deleted_at"] and row["deleted_at"] <= as_of
    }
    post_of_comment = {row["id"]: row["post_id"] for row in tables["comments"]}
    is_confirming = any(
        row["confirmed_at"] and row["confirmed_at"] <= as_of
        for row in tables["group_members"]
    )
    joined_at = "confirmed_at" if is_confirming else "created_at"
    joins = ("group_joined", "group_members", "person_id", joined_at)
    for kind, table, actor, time in (*ENGAGEMENT, joins):
        for row in sources.tables[f"engagement.{table}"]:
            inside: set = set()
            if kind == "comment":
                inside = {row["post_id"]}
            elif kind == "mention":
                comment = row["comment_id"]
                inside = {row["post_id"], comment, post_of_comment.get(comment)}
            elif kind == "group_joined":
                inside = {row["group_id"]}
            elif row.get("message_type") in ("SYSTEM", "NOTIFICATION"):
                continue
            if row[actor] in people and row[time] and not inside & gone:
                yield Activity(people[row[actor]], kind, row[time], "engagement", row)


def _profile_updates(
    sources: Sources, as_of: datetime, identities: Identities
) -> Iterator[Activity]:
    """Updates that a bulk job did not make; a profile keeps only its last."""
    for system in ("chemlink", "engagement"):
        people = identities.of(system)
        moved = [
            row
            for row in sources.tables[f"{system}.persons"]
            if row["created_at"]
            and row["updated_at"]
            and row["created_at"] < row["updated_at"] <= as_of
        ]
        per_minute = Counter(_minute(row["updated_at"]) for row in moved)
        for row in moved:
            if per_minute[_minute(row["updated_at"])] < BULK_ROWS_PER_MINUTE:
                key = people[str(row["id"])]
                yield Activity(key, "profile_updated", row["updated_at"], system, row)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _logins(
    sources: Sources, as_of: datetime, identities: Identities
) -> Iterator[Activity]:
    """An identity with several profiles is the oldest live one."""
    people = identities.of("chemlink")
    profiles = defaultdict(list)
    for account in identities.accounts:
        if account.system == "chemlink" and account.row["kratos_id"]:
            rank = (not account.is_live, int(account.id))
            profiles[account.row["kratos_id"]].append((rank, account.id))
    for row in sources.tables["kratos.sessions"]:
        if row["identity_id"] in profiles:
            _, person = min(profiles[row["identity_id"]])
            at = row["authenticated_at"] or row["issued_at"]
            yield Activity(people[person], "login", at, "chemlink", row)
