"""Events as they come to PostHog: late, again, held up, or from wrong clocks."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pyarrow as pa
from hypothesis import strategies as st

from stand_ins.posthog.fixtures import AWKWARD_NAMES, LATENESS
from tests.helpers.posthog.project import event_rows

HOUR = timedelta(hours=1)
ASKED = ("$pageview", *AWKWARD_NAMES[2:5])
HELD_UP = "held up"
LONGEST = timedelta(days=30)
WRONG_CLOCKS = [datetime(year, 1, 1, tzinfo=UTC) for year in (1900, 1970, 2099, 2150)]


@dataclass(frozen=True)
class Batch:
    """Events that come to PostHog together.

    Attributes:
        numbers: of the events; the same number is the same uuid, sent again.
        happened: how long before it came, or at which wrong time.
        is_one_instant: whether all happened and came in the same microsecond.
        is_robot: whether all are of one person.
        held_up: how long they stay invisible.
        turn: before which load they come.
        age: of what comes before the first load.
    """

    numbers: range
    name: str
    happened: timedelta | datetime
    is_one_instant: bool
    is_robot: bool
    is_changed: bool
    held_up: timedelta | None
    turn: int
    age: timedelta

    def rows(self, now: datetime, place: int) -> pa.Table:
        """Return the events that come now, or for the first load came before.

        Args:
            now: what it is.
            place: of the batch among all; no two copies come in one microsecond.
        """
        came = (now if self.turn else now - self.age) - timedelta(microseconds=place)
        steps = [
            timedelta() if self.is_one_instant else timedelta(minutes=-number)
            for number in range(len(self.numbers))
        ]
        happened = self.happened
        at = came - happened if isinstance(happened, timedelta) else happened
        properties = {"$os": "iOS"} if self.is_changed else {}
        columns: dict[str, Any] = {}
        if self.is_robot:
            columns["distinct_id"] = "robot"
        if self.held_up:
            properties["$lib"] = HELD_UP
            columns["inserted_at"] = [came + step + self.held_up for step in steps]
        return event_rows(
            len(self.numbers),
            self.numbers[0],
            event=self.name,
            timestamp=[at + step for step in steps],
            created_at=[came + step for step in steps],
            properties=orjson.dumps(properties).decode(),
            **columns,
        )


def batches() -> st.SearchStrategy[Batch]:
    """Return batches of up to 60 events."""
    return st.builds(
        Batch,
        numbers=st.builds(
            lambda first, count: range(first, first + count),
            st.sampled_from([0, 30, 60, 1000]),
            st.integers(1, 60),
        ),
        name=st.sampled_from([*ASKED, "not asked for"]),
        happened=st.sampled_from([timedelta(), *LATENESS, *WRONG_CLOCKS]),
        is_one_instant=st.booleans(),
        is_robot=st.booleans(),
        is_changed=st.booleans(),
        held_up=st.sampled_from([None, None, HOUR, 5 * HOUR, 50 * HOUR, LONGEST]),
        turn=st.integers(0, 2),
        age=st.sampled_from([timedelta(), HOUR, 3 * HOUR, 30 * HOUR, 60 * HOUR]),
    )
