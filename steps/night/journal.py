"""The table `production.night_stages`: one row per night and stage, kept for good."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import datetime

from adbc_driver_manager.dbapi import Connection, Cursor

from warehouse.tables import denial_explained, existing_tables, read

TABLE = "production.night_stages"
RUNNING, SUCCESS, FAILED, SKIPPED = "running", "success", "failed", "skipped"
COLUMNS = {
    "night": "bigint",
    "stage": "text",
    "status": "text",
    "started_at": "timestamptz",
    "ended_at": "timestamptz",
    "row_count": "bigint",
    "told": "text",
    "code": "text",
    "load_run": "bigint",
}


@dataclass(frozen=True)
class Recorded:
    """What has become of a stage.

    Attributes:
        row_count: The rows that came, of a stage that counts them.
        told: One line of what it did, or why not.
        code: A hash of the project and of the names of its settings.
        load_run: The newest load when it ended.
    """

    night: int
    stage: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    row_count: int | None
    told: str
    code: str
    load_run: int


def create_journal(connection: Connection) -> None:
    """Make the table, if it is not there yet.

    Raises:
        UserError: the role has no right to.
    """
    if TABLE in existing_tables(connection):
        return
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with _writing(connection) as cursor:
        cursor.execute("create schema if not exists production")
        cursor.execute(f"create table {TABLE} ({columns})")


def read_last(connection: Connection) -> list[Recorded]:
    """Return the stages of the last night, in the order they began."""
    names = ", ".join(field.name for field in fields(Recorded))
    rows = read(
        connection,
        f"select {names} from {TABLE} "  # noqa: S608 - our own names
        f"where night = (select max(night) from {TABLE}) order by started_at",
    )
    return [Recorded(**row) for row in rows.to_pylist()]


def write_stages(connection: Connection, stages: Iterable[Recorded]) -> None:
    """Write what has become of stages, in place of what was written of them.

    Raises:
        UserError: the role has no right to.
    """
    with _writing(connection) as cursor:
        for one in stages:
            cursor.execute(
                f"delete from {TABLE} "  # noqa: S608 - our own names
                f"where night = {one.night} and stage = '{one.stage}'"
            )
            values = ", ".join(map(_literal, astuple(one)))
            cursor.execute(f"insert into {TABLE} values ({values})")  # noqa: S608


@contextmanager
def _writing(connection: Connection) -> Iterator[Cursor]:
    """Give a cursor, and commit what was written by it."""
    with (
        denial_explained(connection, "write to the schema production"),
        connection.cursor() as cursor,
    ):
        yield cursor
        connection.commit()


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"
