"""A warehouse as the write-back finds it, and the step as a user runs it."""

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import StringIO

import orjson
import pyarrow as pa
import pytest

from stand_ins.posthog import StandIn
from steps.writeback.__main__ import main
from tests.conftest import REPOSITORY
from tests.helpers.posthog.project import Clock
from tests.steps.report.report_warehouse import campaign_lift_rows
from tests.steps.warehouses import Row, mart_table, read_rows, write_tables
from warehouse.connection import is_duckdb
from warehouse.origins import hash_key_id

ALL = ("verdicts", "segments", "--send")
AS_OF = datetime(2026, 10, 31, 17, 5, 3, tzinfo=UTC)
JULY, AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (7, 8, 9, 10))
LEVELS = [
    ("key of ann", JULY, "lurker"),
    ("key of ann", AUGUST, "power"),
    ("key of bob", AUGUST, "lurker"),
    ("key of ann", SEPTEMBER, "power"),
    ("key of bob", SEPTEMBER, "power"),
    ("key of eve", SEPTEMBER, "lurker"),
    ("key of eve", OCTOBER, "casual"),
]


def engagement_rows() -> list[Row]:
    """Return agg_user_engagement; July was not tracked, October is not over."""
    return [
        {
            "user_key": user,
            "month_start_date": month,
            "engagement_level": level,
            "is_tracked": month > JULY,
            "is_complete": month < OCTOBER,
        }
        for user, month, level in LEVELS
    ]


def write_marts(url: str, results: dict[str, Row], origin: str = "real") -> None:
    """Create what `make load`, `dbt build` and `make lift` leave for the write-back."""
    # a warehouse has no order of its own
    step = 1 if is_duckdb(url) else -1
    key_id = hash_key_id("a key for tests")
    system = {"as_of": AS_OF, "data_origin": origin, "hash_key_id": key_id}
    write_tables(
        url,
        {
            "aggregates.agg_push_campaign_lift": mart_table(
                "agg_push_campaign_lift", campaign_lift_rows(results)[::step]
            ),
            "aggregates.agg_user_engagement": mart_table(
                "agg_user_engagement", engagement_rows()[::step]
            ),
            "core.dim_source_systems": pa.Table.from_pylist([system]),
        },
    )


def ledger_rows(url: str) -> list[Row]:
    """Return what the ledger says was delivered."""
    return read_rows(
        url, "select * from writeback.deliveries order by kind, subject, revision"
    )


def accepted(stand_in: StandIn) -> list[tuple]:
    """Return the events a project holds, once PostHog has dropped what is there twice.

    PostHog takes events for the same if their uuid, name, distinct id and day agree.
    """
    events = stand_in.store.execute(
        "select uuid, event, distinct_id, timestamp, properties from stored_events"
    )
    seen = {(row[0], row[1], row[2], row[3].date()): row for row in events}
    return sorted(seen.values())


def sent(stand_in: StandIn) -> list[Row]:
    """Return all messages of all batches, in order."""
    return [
        message
        for exchange in stand_in.journal.of("capture")
        for message in orjson.loads(exchange.request.body)["batch"]
    ]


def one_line(errors: str) -> str:
    """Return the only line of what was printed as an error."""
    [line] = errors.splitlines()
    assert line.startswith("error: ")
    return line


@dataclass
class WriteBack:
    """Runs the write-back of one warehouse to one project.

    Attributes:
        environment: the variables of the destination.
        clock: what it sleeps by.
    """

    url: str
    environment: dict[str, str]
    clock: Clock = field(default_factory=Clock)

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Run it; return its exit code and what it printed."""
        printed, errors = StringIO(), StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            redirect_stdout(printed),
            redirect_stderr(errors),
        ):
            patch.setattr(sys, "argv", ["writeback", "--unpublished", *arguments])
            for name, value in self._variables().items():
                patch.setenv(name, value)
            try:
                code = main(self.clock.sleep)
            except SystemExit as end:
                code = end.code
        return code, printed.getvalue(), errors.getvalue()

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start it as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "steps.writeback", "--unpublished", *arguments],
            env=os.environ | self._variables() | {"PYTHONPATH": str(REPOSITORY)},
        )

    def _variables(self) -> dict[str, str]:
        return {"WAREHOUSE_URL": self.url, **self.environment}


def destination(stand_in: StandIn) -> dict[str, str]:
    """Return the variables that name a project."""
    return {
        "POSTHOG_HOST": stand_in.address.host,
        "POSTHOG_PROJECT_KEY": stand_in.address.project_token,
    }
