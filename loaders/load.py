"""Load one source: compare with what has landed, merge what is new, keep the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from loaders.contract import (
    Table,
    apply_contract,
    read_contract,
    tables_of,
)
from loaders.database import SourceTable
from loaders.landed import (
    Landed,
    count_rows,
    drop_rekeyed,
    find_incomplete,
    read_known,
    read_landed,
    unknown_rows,
)
from loaders.ledger import COLUMN_SEPARATOR, Ledger, TableResult, create_ledger
from loaders.pipeline import create_tables, land
from loaders.privacy import hash_key_id
from loaders.push_files import FolderTable
from loaders.reconcile import reconcile
from loaders.warehouse import connect


class Readable(Protocol):
    """A declared table that its source can read."""

    table: Table

    def read(
        self, since: datetime | None, known: pa.Table | None
    ) -> Iterator[pa.Table]:
        """Yield source rows, those whose cursor reached `since` at least."""


@runtime_checkable
class Appending(Protocol):
    """A declared table that keeps a ledger of its own and lands its rows itself."""

    table: Table

    def land(
        self, connection: Connection, hash_key: str, is_repeated: bool = False
    ) -> int:
        """Land what has not landed yet; return how many rows were rejected."""


@dataclass
class TableLoad:
    """One table in one load: where it stands, how to read it, what came of it."""

    readable: Readable | Appending
    landed: Landed
    result: TableResult = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing done."""
        self.result = TableResult(self.readable.table)

    def rows(self, hash_key: str) -> Iterator[pa.Table]:
        """Yield the rows that may land and are not known yet, counting them."""
        for batch in self.readable.read(self.landed.since, self.landed.known):
            accepted, rejected = apply_contract(self.result.table, batch, hash_key)
            rows = unknown_rows(accepted, self.landed.known)
            self.result.rows_rejected += rejected
            self.result.rows_changed += rows.num_rows
            if rows.num_rows:
                yield rows

    def settle(self, rows_now: int) -> None:
        """Tell new rows from changed ones by how many more there are now."""
        self.result.rows_new = rows_now - self.landed.rows
        merged = self.result.rows_changed if self.landed.rows else 0
        self.result.rows_changed = max(0, merged - self.result.rows_new)


def create_missing(source: str, warehouse_url: str) -> list[Table]:
    """Create what a source declares and the warehouse lacks; return those tables."""
    with connect(warehouse_url) as connection:
        create_ledger(connection, source)
        tables = find_incomplete(connection, tables_of(source))
        drop_rekeyed(connection, tables)
    if tables:
        create_tables(source, tables, warehouse_url)
    return tables


def load_source(
    source: str,
    readables: Sequence[Readable | Appending],
    warehouse_url: str,
    hash_key: str,
    data_origin: str,
    must_reconcile: bool = False,
    read_at: datetime | None = None,
) -> list[TableResult]:
    """Land what is new in a source; every declared table exists afterwards.

    Args:
        source: its name in contract.yml.
        readables: the tables that can be read; other declared ones stay as they are.
        warehouse_url: where to.
        hash_key: the key of the HMAC of personal columns.
        data_origin: demo or real.
        must_reconcile: compare all keys now, even if it is not due.
        read_at: when the source was opened, so that it holds nothing later; by
            default now.

    Returns:
        What happened to each readable table.
    """
    ledger = Ledger(source, data_origin, hash_key_id(hash_key), datetime.now(UTC))
    created = create_missing(source, warehouse_url)
    with connect(warehouse_url) as connection:
        loads = [
            TableLoad(readable, _landed(connection, readable, ledger.started_at))
            for readable in readables
        ]
        for load in loads:
            load.result.known_until_at = _known_until(
                load.readable, read_at or ledger.started_at
            )
        results = [load.result for load in loads]
        ledger.start(connection, results)
        for load in loads:
            has_new_column = _has_new_column(connection, ledger, load)
            if has_new_column or load.result.table in created:
                load.landed = Landed(load.landed.rows)  # old rows get the column too
    merging = [load for load in loads if not isinstance(load.readable, Appending)]
    with connect(warehouse_url) as connection:
        for load in loads:
            if load not in merging:
                is_repeated = load.result.table in created
                load.result.rows_rejected = load.readable.land(
                    connection, hash_key, is_repeated
                )
    if merging:
        _land(source, merging, hash_key, warehouse_url)
    with connect(warehouse_url) as connection:
        due = [
            load
            for load in merging
            if must_reconcile or _is_due(connection, ledger, load)
        ]
        lost = [load for load in due if _reconcile(connection, ledger, load)]
        for load in lost:
            known = read_known(connection, load.result.table)
            load.landed = Landed(load.landed.rows, None, known)
        connection.commit()
    if lost:
        _land(source, lost, hash_key, warehouse_url)
    with connect(warehouse_url) as connection:
        for load in loads:
            load.settle(count_rows(connection, load.result.table))
        ledger.finish(connection, results, datetime.now(UTC))
    return results


def _landed(
    connection: Connection, readable: Readable | Appending, now: datetime
) -> Landed:
    if isinstance(readable, Appending):
        return Landed(count_rows(connection, readable.table))
    return read_landed(connection, readable.table, now)


def _known_until(readable: Readable | Appending, read_at: datetime) -> datetime | None:
    """Files tell nothing of the time after the newest of them."""
    if not isinstance(readable, FolderTable):
        return read_at
    newest = readable.newest_file_at
    return newest and min(newest, read_at)


def _land(
    source: str, loads: list[TableLoad], hash_key: str, warehouse_url: str
) -> None:
    rows_of_tables = {load.result.table: load.rows(hash_key) for load in loads}
    land(source, rows_of_tables, warehouse_url)


def _has_new_column(connection: Connection, ledger: Ledger, load: TableLoad) -> bool:
    """Tell whether the source has a column that it lacked in every load before."""
    if not isinstance(load.readable, SourceTable):
        return False
    columns = [column.name for column in load.readable.present]
    load.result.columns_read = COLUMN_SEPARATOR.join(columns)
    before = ledger.columns_ever_read(connection, load.result.table)
    return bool(before) and not before.issuperset(columns)


def _is_due(connection: Connection, ledger: Ledger, load: TableLoad) -> bool:
    """A table without a cursor is read whole anyway; the others now and then."""
    if not load.result.table.cursor:
        return True
    last = ledger.last_reconciled(connection, load.result.table)
    period = timedelta(days=read_contract()["reconcile_days"])
    return last is None or last + period <= ledger.started_at


def _reconcile(connection: Connection, ledger: Ledger, load: TableLoad) -> bool:
    """Mark what is gone; return whether rows are missing that no cursor led to."""
    if not isinstance(load.readable, SourceTable):
        return False
    gone, missing = reconcile(connection, load.readable, ledger.started_at)
    load.result.rows_deleted = gone
    load.result.is_reconciled = True
    return missing > 0
