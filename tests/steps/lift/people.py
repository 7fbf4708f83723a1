"""The cells of matched users, from single people; and worlds of such people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from steps.lift.adjusted.adjusted_lift import adjusted_lift, choose_designs
from steps.lift.observed.campaign_lift import campaign_lift
from steps.parameters import PushParameters
from tests.steps.lift.counts import PARAMETERS, count_tables

FIRST_HOUR = datetime(2026, 9, 1, 9, tzinfo=UTC)
COUNT = pa.int64()
CELLS = pa.schema(
    {
        "campaign_key": pa.string(),
        "input_digest": pa.string(),
        "metric": pa.string(),
        "arm": pa.string(),
        "send_hour_at": pa.timestamp("us", "UTC"),
        "weeks_before": COUNT,
        "stratum": COUNT,
        "post_count": COUNT,
        "baseline_rate": COUNT,
        "matched_rate": COUNT,
        "week_count": COUNT,
        "day_count": COUNT,
        "long_rate": COUNT,
        "user_count": COUNT,
        "recency_sum": COUNT,
        "recency_squares": COUNT,
    }
)


@dataclass(frozen=True)
class Person:
    """What a cell knows of each of its users."""

    arm: str
    post_count: int = 0
    stratum: int = 0
    baseline_rate: int = 0
    matched_rate: int = 0
    week_count: int = 0
    day_count: int = 0
    long_rate: int | None = 0
    recency: int = 0
    send_hour: int = 0
    weeks_before: int = 0

    @property
    def place(self) -> tuple[int, int]:
        """Where the person is matched."""
        return self.send_hour, self.stratum


def cells(
    people: Iterable[Person], campaign: str = "campaign", metric: str = "sessions"
) -> pa.Table:
    """Group people as int_push_matched_cells does."""
    recencies = defaultdict(list)
    for person in people:
        key = asdict(person)
        recency = key.pop("recency")
        recencies[tuple(key.items())].append(recency)
    rows = []
    for key, group in recencies.items():
        row = dict(key)
        hour = timedelta(hours=row.pop("send_hour"))
        rows.append(
            row
            | {
                "campaign_key": campaign,
                "input_digest": "input",
                "metric": metric,
                "send_hour_at": FIRST_HOUR + hour,
                "user_count": len(group),
                "recency_sum": sum(group),
                "recency_squares": sum(recency**2 for recency in group),
            }
        )
    return pa.Table.from_pylist(rows, CELLS)


def sent_to(people: Iterable[Person]) -> list[tuple[int, int, int]]:
    """Return the recipients as the tables of the observed lift count them."""
    return [
        (720, person.baseline_rate, person.post_count)
        for person in people
        if person.arm in ("recipient", "overlapping")
    ]


def adjusted_of(
    people: list[Person],
    parameters: PushParameters = PARAMETERS,
    planned_share: float | None = None,
    is_open: bool = False,
) -> dict[str, Any]:
    """Return the one row of lift.adjusted_lift that these people give."""
    sums, histogram, campaigns = count_tables(
        {("campaign", "sessions"): sent_to(people)},
        open_campaigns=["campaign"] if is_open else [],
    )
    known = {"planned_share": planned_share, "input_digest": "input"}
    rows = [row | known for row in campaigns.to_pylist()]
    campaigns = pa.Table.from_pylist(rows, campaigns.schema)
    observed = campaign_lift(sums, histogram, campaigns, parameters)
    tables = [cells(people)] if people else []
    designs = choose_designs(tables, campaigns, parameters)
    return adjusted_lift(observed, designs, campaigns, parameters).to_pylist()[0]


def alike(arm: str, number: int, stratum: int = 0, more: int = 0) -> list[Person]:
    """Return people who differ among themselves in the same way in every arm.

    Every twelve of them have the same means; all do `more` after the push.
    """
    return [
        Person(
            arm,
            post_count=2 + i // 4 % 3 + more,
            stratum=stratum,
            baseline_rate=30 * (i % 4),
            matched_rate=24 * (i % 2),
            week_count=i % 4,
            day_count=i % 2,
            long_rate=56 * (1 + i % 3),
            recency=1000 + 100 * (i % 4),
        )
        for i in range(number)
    ]


def placebo_people(number: int, weeks: Iterable[int], more: int = 0) -> list[Person]:
    """Return both kinds of controls at dates before the push, alike but for `more`."""
    return [
        replace(person, weeks_before=week)
        for week in weeks
        for person in [
            *alike("reachable", number, more=more),
            *alike("unreachable", number),
        ]
    ]


def random_people(random: np.random.Generator, arms: dict[str, int]) -> list[Person]:
    """Return people of mixed strata, dates and counts that depend on each other."""
    people = []
    for arm, number in arms.items():
        for _ in range(number):
            rate = random.gamma(2, 1)
            is_control = arm in ("reachable", "unreachable")
            people.append(
                Person(
                    arm,
                    post_count=int(random.poisson(2 * rate)),
                    stratum=int(random.integers(0, 5)),
                    baseline_rate=int(random.poisson(30 * rate)),
                    matched_rate=int(random.poisson(24 * rate)),
                    week_count=int(random.poisson(7 * rate)),
                    day_count=int(random.poisson(rate)),
                    long_rate=None
                    if random.random() < 0.1
                    else int(random.poisson(56 * rate)),
                    recency=int(random.integers(0, 6000)),
                    send_hour=int(random.integers(0, 2)),
                    weeks_before=int(random.integers(0, 9)) if is_control else 0,
                )
            )
    return people
