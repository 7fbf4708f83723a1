"""Old samples go, by the catalogue; what their rollups do not hold stays."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from steps.status.prune import prune
from tests.conftest import ENGINES
from tests.steps.warehouses import mart_table, read_rows, write_tables
from warehouse.errors import UserError

AS_OF = datetime(2026, 10, 31, tzinfo=UTC)
# thirty days before is Thursday, so what was before its Monday goes
OLD, OF_THAT_WEEK = datetime(2026, 9, 27, tzinfo=UTC), datetime(2026, 9, 29, tzinfo=UTC)
OLD_WEEK = datetime(2026, 9, 21, tzinfo=UTC)


def write_warehouse(url: str) -> None:
    samples = [
        {"sample_id": name, "series_id": series, "metric": metric, "observed_at": at}
        | {"sample_count": 1}
        for name, series, metric, at in (
            ("old", "short", "short", OLD),
            ("of the week", "short", "short", OF_THAT_WEEK),
            ("kept for long", "long", "long", OLD),
            ("not rolled up", "late", "short", OLD),
        )
    ]
    # the next build is still to see this one
    landed = [*samples, samples[0] | {"sample_id": "just landed"}]
    rollups = [
        {"series_id": name, "period": "week", "sample_count": count}
        | {"bucket_starts_at": OLD_WEEK}
        for name, count in (("short", 1), ("long", 1), ("late", 0))
    ]
    runs = [
        {"node": f"{kind} {at:%d}", "kind": kind, "ran_at": at}
        for kind in ("model", "test")
        for at in (OLD, OF_THAT_WEEK)
    ]
    kept = {"short": 30, "long": 90, "dbt.node_seconds": 30, "dbt.test_failures": 90}
    catalogue = [
        {"metric": name, "retention_days": days} for name, days in kept.items()
    ]
    write_tables(
        url,
        {
            "staging_telemetry.samples": pa.Table.from_pylist(landed),
            "core.fct_metric_samples": mart_table("fct_metric_samples", samples),
            "intermediate.int_metric_rollups": mart_table(
                "int_metric_rollups", rollups
            ),
            "intermediate.int_telemetry_as_of": mart_table(
                "int_telemetry_as_of", [{"as_of": AS_OF}]
            ),
            "production.node_runs": pa.Table.from_pylist(runs),
            "seeds.metric_catalog": pa.Table.from_pylist(catalogue),
        },
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_old_and_rolled_up_goes(engine: str, new_warehouse: Callable) -> None:
    url = new_warehouse(engine)
    write_warehouse(url)

    def left() -> tuple[set[str], set[str]]:
        samples = read_rows(url, "select sample_id from staging_telemetry.samples")
        runs = read_rows(url, "select node from production.node_runs")
        return {row["sample_id"] for row in samples}, {row["node"] for row in runs}

    before = left()
    assert prune(url, is_applied=False) == (
        "1 rows of staging_telemetry.samples and 1 rows of production.node_runs would "
        "go: --apply removes them; rollups stay"
    )
    assert left() == before
    prune(url, is_applied=True)
    samples, runs = left()
    assert before[0] - samples == {"old"}
    assert before[1] - runs == {"model 27"}
    assert prune(url, is_applied=True).startswith("0 rows")


def test_a_warehouse_that_is_not_there_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no file"):
        prune(f"duckdb:///{tmp_path}/warehouse.duckdb", is_applied=True)
    assert list(tmp_path.iterdir()) == []
