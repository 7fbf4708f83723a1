"""The flagged recipients by name, from warehouses of both engines."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from steps.lift.observed.campaign_lift import campaign_lift
from steps.lift.robustness.outliers import find_outliers
from steps.lift.robustness.user_outliers import read_user_outliers
from tests.conftest import ENGINES
from tests.steps.lift.counts import PARAMETERS, Recipient, count_tables
from tests.steps.lift.test_outliers import left_by_rule, lifts_of
from tests.steps.warehouses import write_tables
from warehouse.connection import connect

Audience = dict[str, Recipient]
COLUMNS = ["campaign_key", "user_key", "metric", "lift"]
FLAGS = ["is_iqr_outlier", "is_z_outlier", "is_modified_z_outlier"]


def audiences() -> dict[tuple[str, str], Audience]:
    """Users of whom some did nothing: mostly usual in a, an outlier in b."""
    random = np.random.default_rng(12)
    people = {}
    for campaign, metric, rate in (
        ("a", "sessions", 0.3),
        ("a", "trades", 4),
        ("b", "sessions", 20),
    ):
        hours = np.where(np.arange(60) % 5 == 0, 300, 720)
        counts = random.poisson(rate, (60, 2))
        users = {
            f"user {number:02}": (int(hours[number]), int(before), int(after))
            for number, (before, after) in enumerate(counts)
        }
        giants = {"user 07": (720, 0, 90), "user 10": (300, 200, 0)}
        idle = {"user 20": (300, 0, 0), "user 21": (720, 0, 0)}
        people[campaign, metric] = users | giants | idle
    return people


def windows_table(people: dict[tuple[str, str], Audience]) -> pa.Table:
    """Return fct_push_windows: who did nothing is not in it."""
    rows = [
        {
            "campaign_key": campaign,
            "user_key": user,
            "metric": metric,
            "baseline_hours": hours,
            "baseline_count": before,
            "post_count": after,
            "is_included": True,
        }
        for (campaign, metric), users in people.items()
        for user, (hours, before, after) in users.items()
        if before + after > 0
    ]
    # with the counts of a giant, but not included
    left_out = next(row for row in rows if row["user_key"] == "user 07")
    rows.append(left_out | {"user_key": "tester", "is_included": False})
    return pa.Table.from_pylist(rows)


def recipients_table(people: dict[tuple[str, str], Audience]) -> pa.Table:
    """Return fct_push_recipients, with one who is left out."""
    rows = {
        (campaign, user): {
            "campaign_key": campaign,
            "user_key": user,
            "baseline_hours": hours,
            "is_included": True,
        }
        for (campaign, _), users in people.items()
        for user, (hours, _, _) in users.items()
    }
    left_out = rows["b", "user 20"] | {"user_key": "tester", "is_included": False}
    return pa.Table.from_pylist([*rows.values(), left_out])


def flagged_by_loop(people: dict[tuple[str, str], Audience]) -> set[tuple]:
    expected = set()
    for (campaign, metric), users in people.items():
        lifts = lifts_of(list(users.values()))
        left = [left_by_rule(lifts, rule) for rule in ("iqr", "z", "modified_z")]
        for user, lift in zip(users, lifts, strict=True):
            flags = tuple(kept is not None and lift not in kept for kept in left)
            if any(flags):
                expected.add((campaign, user, metric, round(float(lift), 12), *flags))
    return expected


def read_flagged(warehouse: str, people: dict[tuple[str, str], Audience]) -> pa.Table:
    sums, histogram, known = count_tables(
        {key: list(users.values()) for key, users in people.items()}
    )
    lift = campaign_lift(sums, histogram, known, PARAMETERS)
    with connect(warehouse) as connection:
        return read_user_outliers(
            connection, find_outliers(lift, histogram, PARAMETERS)
        )


@pytest.mark.parametrize("engine", ENGINES)
def test_equals_a_loop_over_all_users(engine: str, new_warehouse: Callable) -> None:
    people, warehouse = audiences(), new_warehouse(engine)
    write_tables(
        warehouse,
        {
            "core.fct_push_windows": windows_table(people),
            "core.fct_push_recipients": recipients_table(people),
        },
    )
    table = read_flagged(warehouse, people)
    assert table.column_names == [*COLUMNS, *FLAGS]
    rows = [tuple(row.values()) for row in table.to_pylist()]
    found = {(*row[:3], round(row[3], 12), *row[4:]) for row in rows}
    assert len(rows) == len(found)
    assert found == flagged_by_loop(people)
    # who did nothing at all is flagged where everybody else is active, only there
    assert ("b", "user 21", "sessions", 0, True, False, True) in found
    assert {row[0] for row in found if row[1] == "user 21"} == {"b"}

    nobody_odd = {("a", "sessions"): {"user 07": (720, 0, 90), "user 10": (720, 0, 90)}}
    assert read_flagged(warehouse, nobody_odd).num_rows == 0
