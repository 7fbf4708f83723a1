"""Marts of telemetry, and the status of them as a user gets it."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from steps.status.__main__ import main
from tests.steps.warehouses import Row, mart_table, write_tables

LAST = datetime(2026, 10, 31, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ended:
    """How the command ended."""

    code: int
    printed: str
    told: str


def buckets(
    metric: str, tags: str, values: Iterable[float | None], **newest: object
) -> list[Row]:
    """Return a series by day, the newest value last, of which ten is usual."""
    values = list(values)
    rows = [
        {
            "series_id": sha256(f"{metric} {tags}".encode()).hexdigest(),
            "metric": metric,
            "tags": tags,
            "state": "ok",
            "value": value,
            "median": 10.0,
            "scale": 1.0,
            "is_judged": True,
            "bucket_starts_at": LAST - age * DAY,
        }
        for age, value in zip(reversed(range(len(values))), values, strict=True)
    ]
    rows[-1] |= newest
    return rows


def alert(metric: str, severity: str, **others: object) -> Row:
    """Return an alert that was opened on the last day."""
    return {
        "alert_id": f"{metric} {severity}",
        "kind": "deviation",
        "alert_severity": severity,
        "metric": metric,
        "tags": '{"platform": "mac"}',
        "message": "64.00 instead of 10.00 (+540 %)",
        "times_seen": 1,
        "opened_at": LAST,
        "last_seen_at": LAST,
        **others,
    }


@pytest.fixture
def show(
    working_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ended]:
    """Give a function that shows the status, of marts that it writes if it is given."""
    url = f"duckdb:///{working_directory}/warehouse.duckdb"
    monkeypatch.setenv("WAREHOUSE_URL", url)

    def run(
        *arguments: str,
        baselines: Iterable[Row] | None = None,
        deviations: Iterable[Row] = (),
        alerts: Iterable[Row] = (),
    ) -> Ended:
        if baselines is not None:
            marts = {
                "agg_metric_baselines": baselines,
                "agg_metric_deviations": deviations,
                "agg_alerts": alerts,
            }
            write_tables(
                url,
                {
                    f"aggregates.{name}": mart_table(name, rows)
                    for name, rows in marts.items()
                },
            )
        monkeypatch.setattr(sys, "argv", ["status", *arguments])
        code = main()
        return Ended(code, *capsys.readouterr())

    return run
