"""What has become of each load, model and test: the table `production.states`.

One row by name: a source (`load.neon`), the statistics (`step.lift`), or what dbt runs,
which the macros `start_states` and `record_states` write. All that is recorded together
has one number, `run`; `load_run` is the newest load then.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from warehouse.tables import (
    create_table,
    has_table,
    read,
    replace_rows,
)

TABLE = "production.states"
LOAD, LIFT = "load.", "step.lift"
STARTED, SUCCESS, ERROR = "started", "success", "error"
COLUMNS = {
    "name": "text",
    "run": "bigint",
    "load_run": "bigint",
    "status": "text",
    "ran_at": "timestamptz",
}


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
    states = read_states(connection)
    run = max((state.run for state in states.values()), default=0) + 1
    loads = (state.run for name, state in states.items() if name.startswith(LOAD))
    load_run, now = max(loads, default=None), datetime.now(UTC)
    states |= {
        name: State(run, load_run, status, now) for name, status in statuses.items()
    }
    rows = [{"name": name, **asdict(state)} for name, state in states.items()]
    create_table(connection, TABLE, COLUMNS)
    replace_rows(connection, *TABLE.split("."), pa.Table.from_pylist(rows))


def read_states(connection: Connection) -> dict[str, State]:
    """Return what was recorded, by name; nothing of a warehouse of an older version."""
    if not has_table(connection, TABLE):
        return {}
    # on Spark dbt adds what has become of it to what it has started
    query = f"""
        select name, run, load_run, status, ran_at from {TABLE}
        order by run, case when status = '{STARTED}' then 0 else 1 end
    """  # noqa: S608
    return {
        row.pop("name"): State(**row) for row in read(connection, query).to_pylist()
    }
