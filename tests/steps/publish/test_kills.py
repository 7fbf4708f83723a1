"""A publish that is killed leaves the old generation or the new one, whole."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path

import duckdb
import psycopg2
import pytest

from steps.publish import __main__ as command
from tests.steps.publish.publish_warehouse import PUBLISHED, PublishWarehouse
from warehouse.connection import is_duckdb
from warehouse.settings import Settings

FORK = multiprocessing.get_context("fork")


class Process:
    """A process that kills itself at the n-th moment it comes to."""

    def __init__(self, end: int) -> None:
        self.left = end

    def at(self) -> None:
        """Come to a moment."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable) -> Callable:
        """Return a function with a moment before it and one after it."""

        def ended(*arguments: object, **options: object) -> object:
            self.at()
            result = function(*arguments, **options)
            self.at()
            return result

        return ended


def killable(process: Process) -> None:
    """Give moments to all that a publish does, in this process."""
    connect = duckdb.connect

    class Connection:
        def __init__(self, *arguments: object, **options: object) -> None:
            self.connection = connect(*arguments, **options)

        def __enter__(self) -> "Connection":
            return self

        def __exit__(self, *_: object) -> None:
            self.connection.close()

        def __getattr__(self, name: str) -> object:
            return getattr(self.connection, name)

        def execute(self, sql: str) -> object:
            return process.around(self.connection.execute)(sql)

    class Cursor(psycopg2.extensions.cursor):
        def execute(self, *arguments: object) -> None:
            process.around(super().execute)(*arguments)

    class PostgresConnection(psycopg2.extensions.connection):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)
            self.cursor_factory = Cursor

        def commit(self) -> None:
            process.around(super().commit)()

    postgres_connect = psycopg2.connect
    duckdb.connect = Connection
    psycopg2.connect = lambda **parts: postgres_connect(
        **parts, connection_factory=PostgresConnection
    )
    Path.replace = process.around(Path.replace)
    Path.unlink = process.around(Path.unlink)
    os.fsync = process.around(os.fsync)


def publish(url: str, end: int) -> None:
    killable(Process(end))
    command.publish(Settings(warehouse_url=url), [], False)


@pytest.mark.slow
def test_killed_anywhere_readers_see_a_whole_generation(
    warehouse: PublishWarehouse,
) -> None:
    assert warehouse.publish().returncode == 0
    seen = set()
    for added, end in enumerate(count(1, 5), start=1):
        # what is published tells by its rows which generation it is
        warehouse.execute(f"insert into core.dim_users values ('user {end}', 'new')")
        process = FORK.Process(target=publish, args=(warehouse.url, end))
        process.start()
        process.join()
        with warehouse.reader() as reader:
            number, rows = reader.generation()
            assert reader.counted() == rows
        is_new = rows["marts.dim_users"] == PUBLISHED["marts.dim_users"] + added
        seen.add(is_new)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
    assert is_new
    assert seen == {True, False}
    assert end > 40, "there are many moments"
    with warehouse.reader() as reader:
        assert reader.rows("select count(*) from marts.generations") == [(number,)]
    assert warehouse.publish().returncode == 0
    if is_duckdb(warehouse.url):
        left = {path.name for path in warehouse.folder.glob("marts*")}
        assert left == {"marts.duckdb"}
    else:
        with warehouse.reader() as reader:
            schemas = reader.rows(
                "select nspname from pg_namespace where nspname ~ '^(marts|training)'"
            )
        assert len(schemas) == 4, "two generations are kept"
