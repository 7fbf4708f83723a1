"""Groups, mentions, and what people reported."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import product
from statistics import median

from tests.integration.product_brute_force.app import Activity
from tests.integration.product_brute_force.days import open_last
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import World

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
                "confirmed_joins": sum(_is_confirmed(world, one) for one in done),
                "mentions": kinds.count("mention"),
                "reports": kinds.count("report_filed"),
                "reviewed_reports": len(reviewed),
                "median_hours_to_review": _median_hours(world, reviewed),
            }
        )
    return open_last(world, rows, "engagement")


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


def _is_confirmed(world: World, one: Activity) -> bool:
    """Tell whether something done is a join that was confirmed by now."""
    confirmed_at = one.type == "group_joined" and one.row["confirmed_at"]
    return bool(confirmed_at and confirmed_at <= world.as_of)


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
    for one in world.eligible_activity:
        if one.type == "report_filed":
            reason, status = one.row["reason"], one.row["status"]
            cell = (one.at.date(), reason or "unknown", status or "unknown")
            cells[cell].append(one.row)
    kinds = {cell[1:] for cell in cells}
    days = [row["metric_date"] for row in groups_and_moderation(world)]
    rows = [
        {
            "metric_date": day,
            "report_reason": reason,
            "report_status": status,
            "reports": len(cells[day, reason, status]),
            "median_hours_to_review": _median_hours(world, cells[day, reason, status]),
        }
        for day, (reason, status) in product(days, kinds)
    ]
    return open_last(world, rows, "engagement")
