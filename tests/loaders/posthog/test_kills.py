"""SIGKILL at any request, ten times, then once to the end: as if nothing had been."""

import random
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue

import pytest

from loaders.contract import read_contract
from loaders.load import load_source
from loaders.posthog import open_source
from stand_ins.answers import Answer, Request, Respond
from stand_ins.posthog.identities import add_person, point
from stand_ins.posthog.limits import Allowance
from stand_ins.posthog.script import When
from tests.conftest import query
from tests.helpers.commands import start_module
from tests.helpers.posthog.expected import LAG, visible_rows
from tests.helpers.posthog.project import NOW, YESTERDAY, Project, running_project
from tests.helpers.posthog.warehouse import HASH_KEY, LANDED, loaded_until
from warehouse.settings import Settings

KILLED = -9
TABLES = {
    "persons": "id, created_at, is_identified",
    "person_distinct_ids": "distinct_id_hash, person_id, version, is_deleted",
}
# More than half of what a slice may hold: each day is one.
ROWS_OF_A_DAY = 10_001
DAYS = 3
# Where nothing is new: time, days, an empty slice, and two for each table of persons.
FEWEST_REQUESTS = 7


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    """A project of three slices, and of persons who merged."""
    no_limit = Allowance(requests_per_minute=10**6, requests_per_hour=10**6)
    with running_project(page_cap=50_000, allowance=no_limit) as running:
        for day in range(DAYS):
            at = NOW - (day + 1) * (NOW - YESTERDAY)
            ids = [f"user {number % 300}" for number in range(ROWS_OF_A_DAY)]
            times = {"timestamp": at, "created_at": at}
            running.add(ROWS_OF_A_DAY, 20_000 * day, distinct_id=ids, **times)
        persons = [f"00000000-0000-4000-8000-{n:012}" for n in range(50)]
        for number, person in enumerate(persons):
            add_person(running.store, f"user {number}", person, YESTERDAY)
        point(running.store, "user 7", persons[8], YESTERDAY)
        yield running


def settings_of(project: Project, warehouse: str) -> dict[str, str]:
    address = project.stand_in.address
    return {
        "POSTHOG_HOST": address.host,
        "POSTHOG_PROJECT_ID": address.project_id,
        "POSTHOG_API_KEY": address.api_key,
        "PII_HASH_KEY": HASH_KEY,
        "WAREHOUSE_URL": warehouse,
    }


def run(project: Project, warehouse: str, request: int | None = None) -> int:
    """Load in a process, and kill it at a request; return its exit code."""
    processes: SimpleQueue[BaseProcess] = SimpleQueue()

    def kill(request: Request, respond: Respond) -> Answer:
        process = processes.get()
        process.kill()
        wait([process.sentinel])
        return respond(request)

    project.stand_in.faults.clear()
    if request:
        project.stand_in.faults.intercept(kill, When(first=request))
    process = start_module(
        *("loaders", "posthog"),
        folder=Path.cwd(),
        environment=settings_of(project, warehouse),
        outputs=(Path("stdout"), Path("stderr")),
    )
    processes.put(process)
    process.join()
    return process.exitcode


def content(warehouse: str) -> dict[str, list[tuple]]:
    """Return what has landed, and how far."""
    tables = {
        name: query(warehouse, f"select {columns} from staging_posthog.{name}")
        for name, columns in TABLES.items()
    }
    tables["events"] = query(warehouse, LANDED)
    tables["watermark"] = list(loaded_until(warehouse).items())
    return {name: sorted(rows) for name, rows in tables.items()}


@pytest.mark.usefixtures("working_directory")
@pytest.mark.parametrize(("engine", "kills"), [("duckdb", 7), ("postgres", 3)])
def test_killed_loads_end_as_one_that_was_not(
    engine: str, kills: int, project: Project, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse(engine)
    moments = random.Random(kills)  # noqa: S311
    for _ in range(kills):
        assert run(project, warehouse, moments.randint(1, FEWEST_REQUESTS)) == KILLED
    assert run(project, warehouse) == 0
    landed = content(warehouse)

    clean = f"duckdb:///{tmp_path}/clean.duckdb"
    settings = Settings.from_environment(settings_of(project, clean))
    with open_source(settings) as tables:
        load_source("posthog", tables, clean, HASH_KEY, "real")
    assert landed == content(clean)
    names = read_contract()["posthog_events"]
    assert set(landed["events"]) == visible_rows(project, tuple(names))
    assert len(landed["events"]) == DAYS * ROWS_OF_A_DAY
    assert landed["watermark"] == [(name, NOW - LAG) for name in sorted(names)]
