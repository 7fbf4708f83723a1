"""A warehouse for PostHog's events, and loads into it that can end anywhere."""

import shutil
from collections.abc import Iterator
from contextlib import chdir, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from adbc_driver_manager.dbapi import Connection

from loaders.load import create_missing
from loaders.posthog.events import EventsTable
from loaders.posthog.modes.export import ExportMode
from loaders.posthog.modes.export_runs import Exports
from loaders.posthog.modes.query import QueryMode
from loaders.posthog.slices.ledger import SliceLedger
from loaders.posthog.slices.slice import EXPORT, QUERY
from tests.conftest import REPOSITORY
from tests.helpers.kill_points import KillableConnection, KillableSession, Process
from tests.helpers.posthog.project import NAMES, TABLES, Project
from warehouse.connection import connect

HASH_KEY = "a key for all tests"
OVERLAP = timedelta(hours=2)
LANDED = """
select
    cast(uuid as varchar), event, distinct_id_hash, cast(person_id as varchar),
    "timestamp", created_at, session_id, os, lib
from staging_posthog.events
"""


@dataclass
class Warehouse:
    """A DuckDB file; every load has a connection and a process of its own."""

    file: Connection
    names: tuple[str, ...] = NAMES
    mode: str = QUERY

    def land(
        self,
        project: Project,
        process: Process | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Process:
        """Load what is new; `options` are those of an Api."""
        process = process or Process()
        client = project.new_client(_session=KillableSession(process), **options)
        by_query = QueryMode(client, self.names, OVERLAP)
        modes = {QUERY: by_query, EXPORT: ExportMode(by_query, Exports(client.api))}
        table = EventsTable(
            TABLES["events"],
            TABLES["load_slices"],
            self.mode,
            modes,
            client.api.deadline.give_up,
        )
        with self._connected() as connection:
            table.land(KillableConnection(connection, process), HASH_KEY)
        return process

    def clear(self) -> None:
        """Let nothing have landed yet."""
        with self._connected() as connection, connection.cursor() as cursor:
            for table in ("events", "load_slices"):
                cursor.execute(f"delete from staging_posthog.{table}")
            connection.commit()

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def rows(self) -> list[tuple[Any, ...]]:
        """Return what has landed, as often as it is there."""
        return self.query(LANDED)

    def modelled(self, columns: str) -> list[tuple[Any, ...]]:
        """Return columns of `stg_posthog__events`."""
        return self.query(f"select {columns} from ({event_model()}) as events")

    def slices(self, columns: str, condition: str = "true") -> list[tuple[Any, ...]]:
        """Return columns of the ledger."""
        return self.query(
            f"select {columns} from staging_posthog.load_slices where {condition} "
            "order by all"
        )

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with closing(self.file.adbc_clone()) as connection:
            with connection.cursor() as cursor:
                cursor.execute("set timezone = 'UTC'")
            connection.commit()
            yield connection


@contextmanager
def copied_warehouse(empty_file: Path, folder: Path) -> Iterator[Warehouse]:
    """Open a copy of a DuckDB file."""
    path = folder / "warehouse.duckdb"
    path.with_name("warehouse.duckdb.wal").unlink(missing_ok=True)
    shutil.copy(empty_file, path)
    with closing(connect(f"duckdb:///{path}")) as file:
        yield Warehouse(file)


def create_empty_file(folder: Path) -> Path:
    """Return a DuckDB file with PostHog's tables and no row, to be copied."""
    with chdir(folder):
        create_missing("posthog", "duckdb:///empty.duckdb")
    return folder / "empty.duckdb"


def loaded_until(warehouse: str) -> dict[str, datetime]:
    """Return the watermark of each name."""
    with connect(warehouse) as connection:
        return SliceLedger(connection, TABLES["load_slices"]).loaded_until()


@cache
def event_model() -> str:
    """Return the SQL of `stg_posthog__events`, with no `as_of`."""
    models = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701
    names = ("given_as_of", "has_implausible_time", "plausible_time")
    names += tuple(f"engines/{name}" for name in ("types", "times", "sets", "days"))
    paths = [REPOSITORY / f"macros/{name}.sql" for name in names]
    paths.append(REPOSITORY / "models/staging/posthog/stg_posthog__events.sql")
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    return models.from_string(text).render(
        source=lambda source, table: f"staging_{source}.{table}",
        var=lambda _: "",
        target={"type": "duckdb"},
    )
