"""Groups, mentions, and what people reported."""

from collections import defaultdict
from datetime import datetime, timedelta
from statistics import median

from tests.warehouse.product_brute_force.sources import Row
from tests.warehouse.product_brute_force.world import World

HOUR = timedelta(hours=1)
TABLES = ("groups", "group_members", "mentions", "reports")


def groups_and_moderation(world: World) -> list[Row]:
    """Return agg_groups_and_moderation."""
    found = [row for table in TABLES for row in world.rows(f"engagement.{table}")]
    if not found:
        return []
    joins = _memberships(world)
    rows = []
    for day in world.days_since(min(row["created_at"] for row in found).date()):
        done = world.done_on[day]
        kinds = [one.type for one in done]
        reviewed = [one.row for one in done if one.type == "moderation_review"]
        rows.append(
            {
                "metric_date": day,
                "groups_created": kinds.count("group_created"),
                "joins": sum(at.date() == day for at in joins),
                "confirmed_joins": kinds.count("group_joined"),
                "mentions": kinds.count("mention"),
                "reports": kinds.count("report_filed"),
                "reviewed_reports": len(reviewed),
                "median_hours_to_review": _median_hours(world, reviewed),
            }
        )
    return rows


def _memberships(world: World) -> list[datetime]:
    """Return when each membership of a group that stands was created."""
    people = world.identities.of("engagement")
    gone = {
        row["id"]
        for row in world.rows("engagement.groups")
        if row["deleted_at"] and row["deleted_at"] <= world.as_of
    }
    return [
        row["created_at"]
        for row in world.rows("engagement.group_members")
        if row["group_id"] not in gone and world.counts(people.get(row["person_id"]))
    ]


def _median_hours(world: World, reports: list[Row]) -> float | None:
    waits = [
        (row["reviewed_at"] - row["created_at"]) / HOUR
        for row in reports
        if row["reviewed_at"] and row["reviewed_at"] <= world.as_of
    ]
    return median(waits) if waits else None


def reports(world: World) -> list[Row]:
    """Return agg_reports."""
    cells = defaultdict(list)
    for one in world.counted_activity:
        if one.type == "report_filed":
            reason, status = one.row["reason"], one.row["status"]
            cell = (one.at.date(), reason or "unknown", status or "unknown")
            cells[cell].append(one.row)
    return [
        {
            "metric_date": day,
            "report_reason": reason,
            "report_status": status,
            "reports": len(rows),
            "median_hours_to_review": _median_hours(world, rows),
        }
        for (day, reason, status), rows in cells.items()
    ]
