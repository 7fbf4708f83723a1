"""The table `production.night_stages`: one row per night and stage, kept for good.

On Spark, where no row is changed, a stage has a row for each state: the newest counts.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime

from adbc_driver_manager.dbapi import Connection, Cursor

from warehouse.dialect import dialect_of
from warehouse.tables import create_table, denial_explained, read

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
LAST = f"""
    select {", ".join(COLUMNS)}
    from (
        select
            *,
            row_number() over (
                partition by stage order by started_at desc, ended_at desc nulls last
            ) as state_rank
        from {TABLE}
        where night = (select max(night) from {TABLE})
    ) as states
    where state_rank = 1
    order by started_at
"""  # noqa: S608 - our own names


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
    create_table(connection, TABLE, COLUMNS)
    connection.commit()


def read_last(connection: Connection) -> list[Recorded]:
    """Return the stages of the last night, in the order they began."""
    return [Recorded(**row) for row in read(connection, LAST).to_pylist()]


def write_stages(connection: Connection, stages: Iterable[Recorded]) -> None:
    """Write what has become of stages, in place of what was written of them.

    Raises:
        UserError: the role has no right to.
    """
    dialect = dialect_of(connection)
    with _writing(connection) as cursor:
        for one in stages:
            if dialect.changes_rows:
                cursor.execute(
                    f"delete from {TABLE} "  # noqa: S608 - our own names
                    f"where night = {one.night} and stage = '{one.stage}'"
                )
            values = ", ".join(map(dialect.literal, astuple(one)))
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
