"""Messages, and logins beside visits."""

from tests.integration.product_brute_force.days import ONE_DAY, open_last
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import World


def messaging(world: World) -> list[Row]:
    """Return agg_messaging."""
    people = world.identities.of("engagement")
    conversations = world.rows("engagement.conversations")
    found = [*conversations, *world.rows("engagement.messages")]
    if not found:
        return []
    rows = []
    for day in world.days_since(min(row["created_at"] for row in found).date()):
        sent = [one for one in world.done_on[day] if one.type == "message_sent"]
        begun = [
            row
            for row in conversations
            if row["created_at"].date() == day
            and world.counts(people.get(row["created_by"]))
        ]
        rows.append(
            {
                "metric_date": day,
                "conversations": len(begun),
                "messages": len(sent),
                "senders": len({one.user_key for one in sent}),
                "active_conversations": len(
                    {one.row["conversation_id"] for one in sent}
                ),
            }
        )
    return open_last(world, rows, "engagement")


def logins(world: World) -> list[Row]:
    """Return agg_logins."""
    all_logins = [one.at for one in world.activity if one.type == "login"]
    if not all_logins:
        return []
    rows = []
    for day in world.days_since(min(all_logins).date()):
        done = world.done_on[day]
        users = [one.user_key for one in done if one.type == "login"]
        visitors = [one.user_key for one in done if one.type == "sessions"]
        after = day + ONE_DAY
        has_logins = world.is_known(after, "kratos", "chemlink")
        is_tracked = day >= world.tracked_from
        has_visits = is_tracked and world.is_known(after, "posthog")
        rows.append(
            {
                "metric_date": day,
                "logins": len(users) if has_logins else None,
                "logged_in_users": len(set(users)) if has_logins else None,
                "sessions": len(visitors) if has_visits else None,
                "visitors": len(set(visitors)) if has_visits else None,
                "is_tracked": is_tracked,
                "is_complete": has_logins and world.is_known(after, "posthog"),
            }
        )
    return rows
