"""What the load of a night brought, by source."""

from dataclasses import dataclass
from datetime import datetime

from adbc_driver_manager.dbapi import Connection

from warehouse.states import LOAD, SUCCESS, read_states
from warehouse.tables import existing_tables, read

LEDGER = """
    select
        cast(coalesce(sum(rows_new), 0) as bigint) as new,
        cast(coalesce(sum(rows_changed), 0) as bigint) as changed,
        cast(coalesce(sum(rows_deleted), 0) as bigint) as deleted,
        cast(coalesce(sum(rows_rejected), 0) as bigint) as rejected
    from staging_{source}._loads
    where started_at between '{start}' and '{end}'
"""


@dataclass(frozen=True)
class Loaded:
    """What came of a source; `is_whole` tells whether all of it did."""

    source: str
    is_whole: bool
    new: int = 0
    changed: int = 0
    deleted: int = 0
    rejected: int = 0


def read_loaded(connection: Connection, start: datetime, end: datetime) -> list[Loaded]:
    """Return what the newest load brought, which ran in a period."""
    loads = {
        name.removeprefix(LOAD): state
        for name, state in read_states(connection).items()
        if name.startswith(LOAD)
    }
    newest = max((state.run for state in loads.values()), default=0)
    existing = existing_tables(connection)
    loaded = []
    for source, state in sorted(loads.items()):
        if state.run != newest:
            continue  # it is not configured any more
        rows = {}
        if f"staging_{source}._loads" in existing:
            query = LEDGER.format(source=source, start=start, end=end)
            [rows] = read(connection, query).to_pylist()
        loaded.append(Loaded(source, state.status == SUCCESS, **rows))
    return loaded
