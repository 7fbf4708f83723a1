"""The cells of users to compare, from single people; and worlds of such people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from steps.lift.adjusted.adjusted_lift import adjusted_lift, choose_designs
from steps.lift.observed.campaign_lift import campaign_lift
from steps.parameters import PushParameters
from tests.steps.lift.counts import PARAMETERS, count_tables

COUNT = pa.int64()
COUNTS = [
    *("weeks_before", "support_cell", "post_count", "first_day_count"),
    *("baseline_rate", "week_count", "day_count", "long_rate", "user_count"),
    *("recency_sum", "recency_squares", "activity_week_sum", "later_push_count"),
    "diluted_seconds",
]
KEYS = ("campaign_key", "input_digest", "metric", "arm")
CELLS = pa.schema(
    {name: pa.string() for name in KEYS} | {name: COUNT for name in COUNTS}
)
# known since long ago, last seen less than six hours ago, and doing nothing
OLD = 10


@dataclass(frozen=True)
class Person:
    """What a cell knows of each of its users."""

    arm: str
    post_count: int = 0
    support_cell: int = OLD
    first_day_count: int = 0
    baseline_rate: int = 0
    week_count: int = 0
    day_count: int = 0
    long_rate: int | None = 0
    weeks_before: int = 0
    recency: int = 0
    activity_week: int = 0
    has_later_push: bool = False
    diluted_seconds: int = 0


def cells(
    people: Iterable[Person], campaign: str = "campaign", metric: str = "sessions"
) -> pa.Table:
    """Group people as int_push_matched_cells does."""
    groups = defaultdict(list)
    for person in people:
        key = asdict(person)
        for name in ("recency", "activity_week", "has_later_push", "diluted_seconds"):
            del key[name]
        groups[tuple(key.items())].append(person)
    rows = [
        dict(key)
        | {
            "campaign_key": campaign,
            "input_digest": "input",
            "metric": metric,
            "user_count": len(group),
            "recency_sum": sum(person.recency for person in group),
            "recency_squares": sum(person.recency**2 for person in group),
            "activity_week_sum": sum(person.activity_week for person in group),
            "later_push_count": sum(person.has_later_push for person in group),
            "diluted_seconds": sum(person.diluted_seconds for person in group),
        }
        for key, group in groups.items()
    ]
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


def alike(
    arm: str, number: int, support_cell: int = OLD, more: int = 0
) -> list[Person]:
    """Return people who differ among themselves in the same way in every arm.

    Every twelve of them have the same means; all do `more` after the push.
    """
    return [
        Person(
            arm,
            post_count=2 + i // 4 % 3 + more,
            support_cell=support_cell,
            first_day_count=1 + i // 4 % 2,
            baseline_rate=30 * (i % 4),
            week_count=i % 4,
            day_count=i % 2,
            long_rate=56 * (1 + i % 3),
            recency=1000 + 100 * (i % 4),
            activity_week=500 * (i % 2),
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
    """Return people of mixed support cells, dates and counts that depend on each other.

    Those of the arms without a push are a little less active.
    """
    people = []
    for arm, number in arms.items():
        for _ in range(number):
            is_control = arm in ("reachable", "unreachable")
            rate = random.gamma(2, 0.8 if is_control else 1)
            post_count = int(random.poisson(2 * rate))
            people.append(
                Person(
                    arm,
                    post_count=post_count,
                    support_cell=int(random.choice([1, 6, 11, 26, 41])),
                    first_day_count=int(random.binomial(post_count, 0.5)),
                    baseline_rate=int(random.poisson(30 * rate)),
                    week_count=int(random.poisson(7 * rate)),
                    day_count=int(random.poisson(rate)),
                    long_rate=None
                    if random.random() < 0.1
                    else int(random.poisson(56 * rate)),
                    weeks_before=int(random.integers(0, 9)) if is_control else 0,
                    recency=int(random.integers(0, 6000)),
                    activity_week=int(1000 * np.log1p(random.poisson(7 * rate))),
                    has_later_push=bool(random.random() < 0.2),
                    diluted_seconds=int(random.integers(0, 90_000))
                    if is_control
                    else 0,
                )
            )
    return people
