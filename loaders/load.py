"""Load one source: compare with what has landed, merge what is new, keep the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from loaders.contract import (
    Table,
    apply_contract,
    hash_key_id,
    read_contract,
    tables_of,
)
from loaders.database import SourceTable
from loaders.landed import (
    Landed,
    count_rows,
    find_incomplete,
    read_landed,
    unknown_rows,
)
from loaders.ledger import Ledger, TableResult
from loaders.pipeline import create_tables, land
from loaders.reconcile import reconcile
from loaders.warehouse import connect


class Readable(Protocol):
    """A declared table that its source can read."""

    table: Table

    def read(
        self, since: datetime | None, known: pa.Table | None
    ) -> Iterator[pa.Table]:
        """Yield source rows, those whose cursor reached `since` at least."""


@dataclass
class TableLoad:
    """One table in one load: where it stands, how to read it, what came of it."""

    readable: Readable
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
        tables = find_incomplete(connection, tables_of(source))
    if tables:
        create_tables(source, tables, warehouse_url)
    return tables


def load_source(
    source: str,
    readables: Sequence[Readable],
    warehouse_url: str,
    hash_key: str,
    data_origin: str,
    must_reconcile: bool = False,
) -> list[TableResult]:
    """Land what is new in a source; every declared table exists afterwards.

    Args:
        source: its name in contract.yml.
        readables: the tables that can be read; other declared ones stay as they are.
        warehouse_url: where to.
        hash_key: the key of the HMAC of personal columns.
        data_origin: demo or real.
        must_reconcile: compare all keys now, even if it is not due.

    Returns:
        What happened to each readable table.
    """
    ledger = Ledger(source, data_origin, hash_key_id(hash_key), datetime.now(UTC))
    created = create_missing(source, warehouse_url)
    with connect(warehouse_url) as connection:
        loads = []
        for readable in readables:
            landed = read_landed(connection, readable.table, ledger.started_at)
            if readable.table in created:  # a new column is filled for old rows too
                landed = Landed(landed.rows)
            loads.append(TableLoad(readable, landed))
        results = [load.result for load in loads]
        ledger.start(connection, results)
        for load in loads:
            if must_reconcile or _is_due(connection, ledger, load):
                _reconcile(connection, ledger, load)
    land(
        source,
        {load.result.table: load.rows(hash_key) for load in loads},
        warehouse_url,
    )
    with connect(warehouse_url) as connection:
        with connection.cursor() as cursor:
            for load in loads:
                load.settle(count_rows(cursor, load.result.table))
        ledger.finish(connection, results, datetime.now(UTC))
    return results


def _is_due(connection: Connection, ledger: Ledger, load: TableLoad) -> bool:
    """A table without a cursor is read whole anyway; the others now and then."""
    if not load.result.table.cursor:
        return True
    last = ledger.last_reconciled(connection, load.result.table)
    period = timedelta(days=read_contract()["reconcile_days"])
    return last is None or last + period <= ledger.started_at


def _reconcile(connection: Connection, ledger: Ledger, load: TableLoad) -> None:
    if not isinstance(load.readable, SourceTable):
        return
    if load.landed.rows:
        load.result.rows_deleted = reconcile(
            connection, load.readable, ledger.started_at
        )
    load.result.is_reconciled = True
