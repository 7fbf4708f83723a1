"""What has become of each load, model and test: the table `production.states`.

One row by name: a source (`load.neon`), the statistics (`step.lift`), or what dbt runs,
which the macros `start_states` and `record_states` write. All that is recorded together
has one number, `run`; `load_run` is the newest load then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from adbc_driver_manager.dbapi import Connection

from warehouse.tables import denial_explained, existing_tables, read

TABLE = "production.states"
LOAD, LIFT = "load.", "step.lift"
STARTED, SUCCESS, ERROR = "started", "success", "error"
CREATE = (
    "create schema if not exists production",
    f"create table if not exists {TABLE} (name text, run bigint, load_run bigint, "
    "status text, ran_at timestamptz)",
)


@dataclass(frozen=True)
class State:
    """How something ended when it last ran, or that it has not."""

    run: int
    load_run: int | None
    status: str
    ran_at: datetime


def record(connection: Connection, statuses: Mapping[str, str]) -> None:
    """Write what has become of something, once the transaction is committed.

    Raises:
        UserError: the role has no right to.
    """
    if not statuses:
        return
    rows = ", ".join(f"('{name}', '{status}')" for name, status in statuses.items())
    names = ", ".join(f"'{name}'" for name in statuses)
    with (
        denial_explained(connection, "write to the schema production"),
        connection.cursor() as cursor,
    ):
        if TABLE not in existing_tables(connection):
            for statement in CREATE:
                cursor.execute(statement)
        cursor.execute(
            f"insert into {TABLE} "  # noqa: S608 - our own names
            "select ended.name, newest.run + 1, newest.load_run, ended.status, now() "
            f"from (values {rows}) as ended (name, status) "
            "cross join (select coalesce(max(run), 0) as run, "
            f"max(case when name like '{LOAD}%' then run end) as load_run "
            f"from {TABLE}) as newest"
        )
        cursor.execute(
            f"delete from {TABLE} where name in ({names}) "  # noqa: S608
            f"and run < (select max(run) from {TABLE})"
        )


def read_states(connection: Connection) -> dict[str, State]:
    """Return what was recorded, by name; nothing of a warehouse of an older version."""
    if TABLE not in existing_tables(connection):
        return {}
    query = f"select name, run, load_run, status, ran_at from {TABLE}"  # noqa: S608
    return {
        row.pop("name"): State(**row) for row in read(connection, query).to_pylist()
    }
