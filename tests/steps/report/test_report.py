"""`python -m steps.report`: what it prints, and the folder it leaves."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.conftest import ENGINES, REPOSITORY, change
from tests.helpers.commands import run_in_terminal
from tests.steps.conftest import WrittenReport
from tests.steps.report.report_warehouse import (
    RESULTS,
    SHOWN_TITLE,
    UNKNOWN,
    write_report_warehouse,
)
from tests.steps.warehouses import run_report, run_step
from warehouse.connection import connect

REPORTS = Path("reports")
PAGE = REPORTS / "pushes.html"


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_the_terminal_shows_what_the_mart_says(
    engine: str, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse(engine)
    write_report_warehouse(warehouse, RESULTS)
    step = run_step("steps.report", warehouse, tmp_path, "--all", "--unpublished")
    assert (step.returncode, step.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in step.stdout.splitlines()]
    push = lines.index("6 sends: Finish [your] trade (layer 3)")
    assert lines[push + 1] == (
        "sessions +6.25 (+1.56 to +10.9) 0.012 the push raised it 5 of 6 -3.12 to +15.6"
    )
    assert "Sale" not in step.stdout, "its sends do not say anything together"
    send = lines.index("2026-10-04, 80 people: Push 3")
    assert lines[send + 1] == (
        "sessions +25.0 (+12.5 to +37.5) 0.500 inconclusive T2a +12.5"
    )
    send = lines.index("2026-10-06, 80 people: Push 5")
    assert lines[send + 1] == "sessions – – no causal claim T3 +12.5"
    # by layer, in each by date
    days = [line[8:10] for line in lines if re.match(r"2026-10-.., ", line)]
    assert days[:15] == [
        *("01", "04", "07", "10", "13"),
        *("02", "05", "08", "11", "14"),
        *("03", "06", "09", "12", "15"),
    ]
    assert (tmp_path / PAGE).exists()


def test_the_terminal_ends_with_what_was_found(report: WrittenReport) -> None:
    counts, findings = report.printed.split("\nRaised something: ")
    assert counts.endswith(
        "   19  too few events to say anything\n    2  nothing to compare\n"
    )
    lines = findings.splitlines()
    assert lines[0] == "1 of 4 repeated pushes, 2 of 18 sends; lowered: 1 and 1."
    results = [line for line in lines if line.startswith("  ") and " a day" not in line]
    assert [re.split(r" {2,}", line.strip())[3] for line in results] == [
        "the push lowered it",
        "the push raised it",
        "the push raised it",
        "the push lowered it",
        "the push raised it",
    ]
    assert lines[-1] == results[-1]


@pytest.mark.parametrize("width", [80, 200])
def test_the_terminal_is_wide_enough(width: int, tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    write_report_warehouse(url, RESULTS)
    sent = run_in_terminal(
        *(width, "steps.report", "--all", "--unpublished"),
        folder=tmp_path,
        environment=os.environ | {"WAREHOUSE_URL": url},
    )
    lines = re.sub(r"\r\x1b\[K[^\r]*(?=\r\x1b\[K)", "", sent).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert any("as observed" in line for line in lines) == (width == 200)
    assert lines[-1].split() == [
        *("sessions", "+25.0", "(+12.5", "to", "+37.5)"),
        *("0.012", "the", "push", "raised", "it"),
        *(("T2b", "+12.5") if width == 200 else ()),
    ]


def test_a_title_is_text_and_nothing_else(report: WrittenReport) -> None:
    assert "\x1b" not in report.printed
    assert f"2026-10-01, 80 people: {SHOWN_TITLE}" in report.printed


def test_the_same_mart_gives_the_same_bytes(
    report: WrittenReport, tmp_path: Path
) -> None:
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    write_report_warehouse(url, RESULTS)
    step = run_report(url, tmp_path)
    assert step.stdout == report.printed
    assert contents(tmp_path / REPORTS) == contents(report.folder)


def test_both_engines_give_the_same_report(
    report: WrittenReport, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse("postgres")
    write_report_warehouse(warehouse, RESULTS)
    run_report(warehouse, tmp_path)
    assert contents(tmp_path / REPORTS) == contents(report.folder)


def test_files_of_campaigns_that_are_gone_are_gone(tmp_path: Path) -> None:
    (tmp_path / "reports.unfinished").mkdir()
    (tmp_path / "reports.unfinished" / "half.md").touch()
    for name, keys in (("old", ["up", "down"]), ("new", ["up"])):
        url = f"duckdb:///{tmp_path}/{name}.duckdb"
        write_report_warehouse(url, {key: RESULTS[key] for key in keys})
        assert run_report(url, tmp_path).returncode == 0
    files = contents(tmp_path / REPORTS)
    series, data = sorted(
        (name for name in files if name.endswith(".json")), reverse=True
    )
    assert (series, data[-8:]) == ("json-data/series.json", "-up.json")
    assert not [name for name in files if name.endswith(("-down.md", "half.md"))]
    folders = [path.name for path in tmp_path.iterdir() if path.is_dir()]
    assert folders == [str(REPORTS)]


def test_a_killed_run_leaves_a_whole_report(
    report: WrittenReport, tmp_path: Path
) -> None:
    old, new = (f"duckdb:///{tmp_path}/{name}.duckdb" for name in ("old", "new"))
    write_report_warehouse(old, {"up": RESULTS["up"]})
    write_report_warehouse(new, RESULTS)
    run_report(old, tmp_path)
    before = contents(tmp_path / REPORTS)
    step = subprocess.Popen(
        [sys.executable, "-m", "steps.report", "--unpublished"],
        cwd=tmp_path,
        env=os.environ | {"WAREHOUSE_URL": new, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.DEVNULL,
    )
    while step.poll() is None and not (tmp_path / "reports.unfinished").exists():
        time.sleep(0.001)
    step.kill()
    step.wait()
    assert contents(tmp_path / REPORTS) in (before, contents(report.folder))


def test_an_empty_mart_gives_a_report_that_says_so(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse("duckdb")
    write_report_warehouse(warehouse, {})
    step = run_report(warehouse, tmp_path)
    assert (step.returncode, step.stderr) == (0, "")
    assert f"{PAGE}\n" in step.stdout
    assert step.stdout.endswith("0 of 0 sends; lowered: 0 and 0.\n")
    nothing = "There is no push to report on yet."
    assert nothing in (tmp_path / PAGE).read_text()
    summary = tmp_path / REPORTS / "strategic-reports" / "executive-summary.md"
    assert nothing in summary.read_text()


def test_rows_without_statistics_say_what_to_run(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    """The mart holds nulls where the statistics are older than its counts."""
    warehouse = new_warehouse("duckdb")
    write_report_warehouse(
        warehouse, {"one": UNKNOWN, "two": UNKNOWN | {"recipients": 0}}
    )
    step = run_report(warehouse, tmp_path)
    assert (step.returncode, step.stderr) == (0, "")
    assert "2  not computed yet: run make lift" in step.stdout
    text = " ".join((tmp_path / PAGE).read_text().split())
    assert "2 of 4 results are not computed yet" in text
    assert "0 of 2 pushes raised something, 0 lowered something" in text


@pytest.mark.parametrize("engine", ENGINES)
def test_without_events_a_report_says_that_posthog_is_not_loaded(
    engine: str, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse(engine)
    untracked = {"recipients": 0, "verdict": "not_tracked", "run_id": None}
    write_report_warehouse(warehouse, {"one": untracked, "two": untracked})
    step = run_report(warehouse, tmp_path)
    assert (step.returncode, step.stderr) == (0, "")
    assert "2  not known: PostHog is not loaded" in step.stdout
    text = " ".join((tmp_path / PAGE).read_text().split())
    assert (
        "<strong>PostHog is not loaded.</strong> Nobody knows what people did" in text
    )
    assert "nothing to compare" not in text
    for path in (tmp_path / REPORTS).rglob("*.md"):
        assert "nothing to compare" not in path.read_text()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_system_that_lags_is_named_with_since_when(
    engine: str, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse(engine)
    write_report_warehouse(warehouse, {"up": RESULTS["up"]})
    columns = "score, check_name, component, value_share, passes_when, threshold"
    change(
        warehouse,
        f"insert into aggregates.agg_data_quality ({columns}, is_passed, "
        "recommendation, known_until_at) values ('freshness', 'system_known', "
        "'posthog', 14, 'at_most', 2, false, 'Load it again.', "
        "timestamptz '2026-10-18 02:00:30+00')",
    )
    step = run_report(warehouse, tmp_path)
    known = "PostHog is known until 2026-10-18 02:00 UTC"
    assert f"{known}: what ended later is open." in step.stdout
    text = " ".join((tmp_path / PAGE).read_text().split())
    assert f"{known}. What ended later is open. Load it again." in text


def test_a_warehouse_that_was_not_built_leaves_the_report_as_it_was(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    (tmp_path / REPORTS).mkdir()
    (tmp_path / PAGE).write_text("the last report")
    warehouse = new_warehouse("duckdb")
    connect(warehouse).close()
    step = run_report(warehouse, tmp_path)
    assert (step.returncode, step.stdout) == (1, "")
    assert len(step.stderr.splitlines()) == 1
    assert "run `make build` first" in step.stderr
    assert contents(tmp_path / REPORTS) == {"pushes.html": b"the last report"}
