"""The comparison with the truth, on a warehouse and a truth written by hand."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

FIRST, SECOND = "2026-09-01T10:00:00.000000Z", "2026-09-09T10:00:00.000001Z"


def run_compare() -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "demo.compare"], capture_output=True, text=True
    )


@pytest.fixture
def known_world(working_directory: Path) -> None:
    """Write two campaigns, one to a random audience and one to lapsed people."""
    (working_directory / "data" / "demo").mkdir(parents=True)
    campaigns = [
        {
            "title": "Drop",
            "layer_id": 1,
            "first_sent_at": FIRST,
            "audience": "random",
            "lifts": {"sessions": 0.2, "closet_adds": 0.0},
        },
        {
            "title": "Drop",
            "layer_id": 3,
            "first_sent_at": SECOND,
            "audience": "lapsed",
            "lifts": {"sessions": 0.2, "closet_adds": 0.0},
        },
    ]
    (working_directory / "data" / "demo" / "truth.json").write_text(
        json.dumps({"campaigns": campaigns}), encoding="utf-8"
    )


def test_it_counts_false_alarms_and_finds_by_audience(
    known_world: None, working_directory: Path
) -> None:
    with duckdb.connect(working_directory / "data" / "warehouse.duckdb") as warehouse:
        warehouse.execute(
            f"""
            create schema aggregates;
            create table aggregates.agg_push_campaign_lift as
            select *, sent_at::text as campaign_key
            from (values
                ('Drop', timestamptz '{FIRST}', 'sessions', 25e0, 0.01e0, 18e0, 0.02e0,
                 0.1e0, 0.125e0, 25e0),
                ('Drop', timestamptz '{FIRST}', 'closet_adds', 1e0, 0.9e0, 2e0, 0.8e0,
                 0.25e0, 0.75e0, 60e0),
                ('Drop', timestamptz '{SECOND}', 'sessions', -70e0, .001e0, null, null,
                 null, null, null),
                ('Drop', timestamptz '{SECOND}', 'closet_adds', -80e0, .049, null, null,
                 null, null, null)
            ) as lifts (
                title, sent_at, metric,
                observed_percent, observed_q, adjusted_percent, adjusted_q,
                adjusted_lift, full_lift, full_percent
            );
            create table aggregates.agg_push_lift_diagnostics as
            select campaign_key, metric, 0.125e0 as adjusted_se, 0.0125e0 as full_se
            from aggregates.agg_push_campaign_lift
            """
        )
    run = run_compare()
    assert run.returncode == 0, run.stderr
    lines = [" ".join(line.split()) for line in run.stdout.splitlines()]
    assert "random 1 0 (0%) 1 1 (100%) +5 points" in lines
    # Significant, but in the wrong direction: not found.
    assert "lapsed 1 1 (100%) 1 0 (0%) -90 points" in lines
    assert "all 2 1 (50%) 2 1 (50%) -42 points" in lines
    assert "all 1 0 (0%) 1 1 (100%) -2 points" in lines, "adjusted: one is not told"
    text = " ".join(run.stdout.split())
    assert "verdict on sessions of 1 of 2 pushes, and of 2 of 4 results in all" in text
    # sessions: a fifth of a base of 0.5, missed by 0.025 of 0.0125; closet adds: 0.25
    # of 0.125 from a truth of 0, whatever the uncapped lift says
    assert "misses the truth by +2.00 (± 0.00) standard errors on average" in text
    assert "by more than 1.96 in 2 (100%) of 2" in text


def test_a_warehouse_without_results_gives_one_clear_line(known_world: None) -> None:
    duckdb.connect("data/warehouse.duckdb").close()
    run = run_compare()
    assert run.returncode == 1
    assert run.stderr.startswith("error: the warehouse has no table aggregates.")
    assert len(run.stderr.splitlines()) == 1
