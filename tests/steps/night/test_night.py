"""What is said and kept of a night, and what a second one does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from steps.night.journal import (
    FAILED,
    RUNNING,
    SKIPPED,
    SUCCESS,
    Recorded,
    create_journal,
    read_last,
    write_stages,
)
from steps.night.loaded import Loaded
from steps.night.night import Night
from steps.night.page import page
from steps.night.stages import STAGES, Stage
from tests.conftest import ENGINES
from tests.helpers.commands import run_module
from warehouse.connection import connect
from warehouse.one_writer import one_writer

BEGAN = datetime(2026, 11, 29, 3, tzinfo=UTC)
ENDED = BEGAN + timedelta(seconds=65)


def stage(name: str, status: str = SUCCESS, told: str = "") -> Recorded:
    """Return what is recorded of a stage."""
    return Recorded(1, name, status, BEGAN, ENDED, None, told, "code", 3)


def night(*stages: Recorded, **sources: bool) -> Night:
    """Return a night that has ended, with other stages as named and these sources."""
    ended = {one.name: stage(one.name) for one in STAGES}
    ended |= {one.stage: one for one in stages}
    loaded = [Loaded(source, is_whole, 1200) for source, is_whole in sources.items()]
    return Night("", "", 1, "code", STAGES, ended, loaded)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_journal_keeps_each_stage_of_each_night_once(
    engine: str, new_warehouse: Callable
) -> None:
    with connect(new_warehouse(engine)) as connection:
        create_journal(connection)
        create_journal(connection)
        assert read_last(connection) == []
        write_stages(connection, [stage("load", RUNNING, "it's on")])
        write_stages(connection, [stage("load", FAILED, "it's over")])
        assert read_last(connection) == [stage("load", FAILED, "it's over")]
        second = Recorded(2, "load", RUNNING, ENDED, None, 5, "", "code", 0)
        write_stages(connection, [second])
        assert read_last(connection) == [second]


def test_the_page_of_a_good_night() -> None:
    published = stage("publish", told="data/marts.duckdb: generation 4")
    text = page(night(published, neon=True))
    assert text.startswith(
        "# Night 1: all is well\n\n2026-11-29 03:00 to 2026-11-29 03:01 UTC. "
        "Published: data/marts.duckdb: generation 4.\n"
    )
    assert "| neon   | whole  | 1,200 |" in text
    assert "| load      | success | 1:05 |" in text


def test_the_page_says_what_is_absent() -> None:
    failed = stage("load", FAILED, "NEON_DATABASE_URL: the database does not open")
    text = page(night(failed, neon=False, posthog=True))
    assert text.startswith("# Night 1: FAILED\n")
    assert "without news of neon." in text
    assert "| FAILED  | 1:05 |      | NEON_DATABASE_URL: the database does" in text
    assert "| neon    | FAILED |" in text
    assert text.endswith("`make night` begins anew.\n")


def test_the_page_of_a_night_that_publishes_nothing() -> None:
    stages = [
        stage("test", FAILED, "1 of 400 fails: assert_lurkers_only_visit"),
        stage("publish", FAILED, "nothing is published"),
        *(stage(name, SKIPPED, "it needs publish") for name in ("report", "export")),
    ]
    text = page(night(*stages, neon=True))
    assert "Nothing is published: what was published before stands" in text
    assert "1 of 400 fails: assert_lurkers_only_visit" in text
    assert "| report    | skipped |      |      | it needs publish |" in text


LOADED = """
import os
from warehouse.connection import connect
from warehouse.states import record
with connect(os.environ["WAREHOUSE_URL"]) as connection:
    record(connection, {"load.neon": "%s", "load.posthog": "success"})
    connection.commit()
print("error: NEON_DATABASE_URL: the database does not open")
raise SystemExit(%s)
"""


def python(name: str, code: str, needs: str | None = None) -> Stage:
    """Return a stage that runs Python; what it needs, and in the working directory."""
    Path(f"{name}_stage.py").write_text(code)
    return Stage(name, (f"{name}_stage",), needs)


def run_night(url: str, *stages: Stage) -> Night:
    """Run stages, and check that what is recorded is what is told."""
    with connect(url) as connection:
        create_journal(connection)
    with one_writer(url, "night") as token:
        one = Night(url, token, 1, "code", stages, {})
        for stage in stages:
            one.run(stage)
    with connect(url) as connection:
        assert {row.stage: row for row in read_last(connection)} == one.stages
    return one


def told(one: Night) -> dict[str, tuple[str, str]]:
    """Return the status of each stage, and what is said of it."""
    return {row.stage: (row.status, row.told) for row in one.stages.values()}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stage_that_fails_stops_what_needs_it_and_nothing_else(
    engine: str, new_warehouse: Callable, working_directory: Path
) -> None:
    one = run_night(
        new_warehouse(engine),
        python("build", "print('built')"),
        python("test", "raise SystemExit('error: it is red')", "build"),
        python("publish", "print('one'); print('generation 1')", "build"),
        python("report", "import os; os.kill(os.getpid(), 9)", "publish"),
        python("export", "", "test"),
    )
    assert told(one) == {
        "build": (SUCCESS, "built"),
        "test": (FAILED, "it is red"),
        "publish": (SUCCESS, "generation 1"),
        "report": (
            FAILED,
            "killed by signal 9, as for want of memory; see logs/night/report.log",
        ),
        "export": (SKIPPED, "it needs test"),
    }
    assert not one.is_well
    assert Path("logs/night/report.log").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("status", ["error", "started"])
def test_without_one_source_the_others_are_published_by_name(
    status: str,
    new_warehouse: Callable,
    working_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = new_warehouse("duckdb")
    monkeypatch.setenv("WAREHOUSE_URL", url)
    one = run_night(
        url,
        python("load", LOADED % (status, 1)),
        python("build", "", "load"),
        python("publish", "import sys; print(*sys.argv[1:])", "build"),
    )
    assert told(one) == {
        "load": (FAILED, "NEON_DATABASE_URL: the database does not open"),
        "build": (SUCCESS, ""),
        "publish": (SUCCESS, "--allow=neon"),
    }
    assert one.failed_sources == ["neon"]


def test_without_any_source_nothing_is_built(
    new_warehouse: Callable, working_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_warehouse("duckdb")
    monkeypatch.setenv("WAREHOUSE_URL", url)
    only_telemetry = LOADED.replace("posthog", "telemetry") % ("error", 1)
    one = run_night(url, python("load", only_telemetry), python("build", "", "load"))
    assert told(one) == {
        "load": (FAILED, "NEON_DATABASE_URL: the database does not open"),
        "build": (SKIPPED, "it needs load"),
    }


def test_a_second_night_says_so_and_writes_nothing(
    new_warehouse: Callable, working_directory: Path
) -> None:
    url = new_warehouse("duckdb")
    with one_writer(url, "night"):
        before = sorted(Path().iterdir())
        second = run_module(
            "steps.night",
            folder=working_directory,
            environment={
                "WAREHOUSE_URL": url,
                "PATH": "/usr/bin:/bin",
                "TELEMETRY": "off",
            },
        )
        assert sorted(Path().iterdir()) == before
    assert second.returncode == 1
    assert second.stdout == ""
    [line] = second.stderr.splitlines()
    assert line.startswith("error: the warehouse is in use: night on ")


def test_a_wrong_command_line(working_directory: Path) -> None:
    told = run_module(
        "steps.night", "tonight", folder=working_directory, environment={}
    )
    assert told.returncode == 2
