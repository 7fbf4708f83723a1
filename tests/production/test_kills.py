"""Whole commands killed at random moments: one night mends all, readers notice nothing.

Shorter kill tests, which reach every moment of one command, stand beside its others.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import DBT, NO_TESTS, Marts, Warehouse, differences
from tests.production.polling import Seen, reading

KILLS = 10
STAGES = {
    "load": (sys.executable, "-m", "loaders"),
    "build": (
        *(DBT, "build", "--full-refresh", "--quiet", *NO_TESTS),
        *("--exclude", "source:lift+"),
    ),
    "lift": (sys.executable, "-m", "steps.lift"),
    "publish": (sys.executable, "-m", "steps.publish"),
}
NIGHT = (sys.executable, "-m", "steps.night")


@dataclass(frozen=True)
class Clean:
    """A warehouse after a night in which nothing was killed.

    Attributes:
        seconds: How long each stage took.
    """

    warehouse: Warehouse
    marts: Marts
    seconds: dict[str, float]


def run(command: tuple[str, ...], warehouse: Warehouse) -> float:
    """Run a command to its end; return the seconds it took."""
    began = time.monotonic()
    warehouse.run(*command)
    return time.monotonic() - began


def is_killed(command: tuple[str, ...], warehouse: Warehouse, seconds: float) -> bool:
    """Kill a command and its children after some time; tell whether it still ran."""
    with subprocess.Popen(
        command,
        cwd=warehouse.folder,
        env=warehouse.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode == -signal.SIGKILL


def kill_repeatedly(
    command: tuple[str, ...], warehouse: Warehouse, seconds: float
) -> None:
    """Kill a command at ten moments of the time it takes."""
    moments = random.Random(command[-1])  # noqa: S311 - the same every time
    killed = sum(
        is_killed(command, warehouse, moments.uniform(0, seconds)) for _ in range(KILLS)
    )
    assert killed >= KILLS / 2, "it was still running when it was to be killed"


def check(seen: Seen) -> None:
    """Check that a reader saw whole generations, one after the other."""
    assert seen.mixtures == []
    assert seen.looks >= KILLS
    assert seen.generations == sorted(seen.generations)
    sys.stdout.write(f"{seen.looks} looks at generations {seen.generations}\n")


@pytest.fixture(scope="module", params=ENGINES)
def clean(
    request: pytest.FixtureRequest,
    sources: dict[str, str],
    new_database: Callable,
    tmp_path_factory: pytest.TempPathFactory,
) -> Clean:
    """The small demo world after a night."""
    folder = tmp_path_factory.mktemp("clean")
    url = (
        f"duckdb:///{folder}/warehouse.duckdb"
        if request.param == "duckdb"
        else new_database()
    )
    warehouse = Warehouse(url, folder, sources)
    run(NIGHT, warehouse)
    seconds = {
        row["stage"]: row["seconds"]
        for row in warehouse.rows(
            "select stage, cast(extract(epoch from ended_at - started_at) "
            "as double precision) as seconds from production.night_stages"
        )
    }
    return Clean(warehouse, warehouse.contents(), seconds)


@pytest.mark.parametrize("stage", STAGES)
def test_killed_ten_times_all_is_as_after_a_clean_night(
    stage: str, clean: Clean, new_database: Callable, tmp_path: Path
) -> None:
    warehouse = clean.warehouse.copy(tmp_path, new_database)
    run(STAGES["publish"], warehouse)
    if stage == "load":  # all comes anew
        warehouse.execute(
            *(
                f"drop schema {row['name']} cascade"
                for row in warehouse.rows(
                    "select schema_name as name from information_schema.schemata "
                    "where schema_name like 'staging!_%' escape '!'"
                )
            )
        )
    with reading(warehouse) as seen:
        kill_repeatedly(STAGES[stage], warehouse, clean.seconds[stage])
        run(NIGHT, warehouse)
    assert differences(warehouse.contents(), clean.marts) == {}
    check(seen)


def test_an_erasure_killed_ten_times_and_repeated_is_an_erasure(
    clean: Clean, new_database: Callable, tmp_path: Path
) -> None:
    [person] = clean.warehouse.rows(
        "select min(source_id) as id from core.bridge_user_identities "
        "where source_system = 'app'"
    )
    erase = (sys.executable, "-m", "steps.erase", f"app:{person['id']}")
    folders = [tmp_path / name for name in ("erased", "killed")]
    for folder in folders:
        folder.mkdir()
    erased, killed = (clean.warehouse.copy(one, new_database) for one in folders)
    run(STAGES["publish"], erased)
    seconds = run(erase, erased)
    run(NIGHT, erased)
    run(STAGES["publish"], killed)
    with reading(killed) as seen:
        kill_repeatedly(erase, killed, seconds)
        run(erase, killed)
        run(NIGHT, killed)
    after = erased.contents()
    assert differences(after, clean.marts), "the person was in the marts"
    assert differences(killed.contents(), after) == {}
    check(seen)
