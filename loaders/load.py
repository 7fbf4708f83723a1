"""Load one source: compare with what has landed, merge what is new, keep the ledger."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from adbc_driver_manager.dbapi import Connection
from dlt.pipeline.exceptions import PipelineStepFailed

from loaders.contract import Table, read_contract, tables_of
from loaders.landed import (
    Landed,
    count_live_rows,
    count_rows,
    find_incomplete,
    read_known,
    read_landed,
)
from loaders.ledger import COLUMN_SEPARATOR, Ledger, TableResult, create_ledger
from loaders.pipeline import clear_workbench, create_tables, land
from loaders.push_files import FolderTable
from loaders.reconcile import reconcile
from loaders.reshape import reshape
from loaders.source_table import DatabaseTable, MissingTable
from loaders.suppressed_accounts import suppress_accounts
from loaders.suppression import read_suppressed
from loaders.table_load import Appending, Checkable, Readable, TableLoad
from warehouse.connection import connect
from warehouse.errors import UnreadableError
from warehouse.origins import hash_key_id
from warehouse.versions import loaded_part, record_version

logger = logging.getLogger(__name__)


def create_missing(source: str, warehouse_url: str) -> list[Table]:
    """Make the tables what the contract says; return those that lacked a column."""
    with connect(warehouse_url) as connection:
        clear_workbench(connection, source)
        create_ledger(connection, source)
        reshape(connection, source, tables_of(source))
        tables = find_incomplete(connection, tables_of(source))
    if tables:
        create_tables(source, tables, warehouse_url)
    with connect(warehouse_url) as connection:
        record_version(connection, loaded_part(source))
        connection.commit()
    return tables


def load_source(
    source: str,
    readables: Sequence[Readable | Appending],
    warehouse_url: str,
    hash_key: str,
    data_origin: str,
    must_reconcile: bool = False,
    read_at: datetime | None = None,
    accept_deletes: bool = False,
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
        accept_deletes: and mark what is gone, however much it is.

    Returns:
        What happened to each readable table.
    """
    ledger = Ledger(source, data_origin, hash_key_id(hash_key), datetime.now(UTC))
    created = create_missing(source, warehouse_url)
    with connect(warehouse_url) as connection:
        suppressed = suppress_accounts(
            connection, readables, read_suppressed(connection, hash_key)
        )
        loads = [
            TableLoad(readable, suppressed)
            for readable in readables
            if not _is_absent(connection, readable)
        ]
        for load in loads:
            load.result.known_until_at = _known_until(
                load.readable, read_at or ledger.started_at
            )
            _prepare(connection, ledger, load, created, accept_deletes)
        results = [load.result for load in loads]
        ledger.start(connection, results)
    merging = [
        load
        for load in loads
        if load.result.is_complete and not isinstance(load.readable, Appending)
    ]
    with connect(warehouse_url) as connection:
        for load in loads:
            if isinstance(load.readable, Appending):
                is_repeated = load.result.table in created
                load.result.rows_rejected = load.readable.land(
                    connection, hash_key, is_repeated
                )
    _land(source, merging, hash_key, warehouse_url)
    with connect(warehouse_url) as connection:
        lost = [
            load
            for load in merging
            if load.result.is_complete
            and (must_reconcile or accept_deletes or _is_due(connection, ledger, load))
            and _reconcile(connection, ledger, load, accept_deletes)
        ]
        for load in lost:
            known = read_known(connection, load.result.table)
            load.landed = Landed(load.landed.rows, None, known)
        connection.commit()
    _land(source, lost, hash_key, warehouse_url)
    with connect(warehouse_url) as connection:
        for load in loads:
            load.settle(count_rows(connection, load.result.table))
            load.result.rows_live = count_live_rows(connection, load.result.table)
        ledger.finish(connection, results, datetime.now(UTC))
    return results


def _is_absent(connection: Connection, readable: Readable | Appending) -> bool:
    """Tell of a table that need not be there and of which no row is known."""
    is_absent = (
        isinstance(readable, MissingTable)
        and not readable.is_certain
        and not count_live_rows(connection, readable.table)
    )
    if is_absent:
        logger.warning("%s, it stays empty", readable.problem)
    return is_absent


def _prepare(
    connection: Connection,
    ledger: Ledger,
    load: TableLoad,
    created: list[Table],
    accept_deletes: bool,
) -> None:
    """Check that a table can be read, and where to go on."""
    readable, table = load.readable, load.result.table
    load.landed = Landed(count_rows(connection, table))
    if isinstance(readable, Appending):
        return
    before = ledger.columns_last_read(connection, table)
    columns: list[str] = []
    live_rows = 0 if accept_deletes else count_live_rows(connection, table)
    if isinstance(readable, Checkable):
        with suppress(UnreadableError), load.noted():
            columns = readable.check(live_rows, before)
    may_be_empty = isinstance(readable, FolderTable) and readable.is_of_parts
    if not table.cursor and not table.is_reconciled and not may_be_empty:
        load.rows_expected = live_rows
    load.result.columns_read = COLUMN_SEPARATOR.join(columns)
    has_new_column = not before.issuperset(columns)
    if not load.result.is_complete:
        return
    if has_new_column or table in created:  # the rows that have landed need it too
        load.landed = Landed(load.landed.rows, None, read_known(connection, table))
    else:
        load.landed = read_landed(connection, table, ledger.started_at)


def _known_until(readable: Readable | Appending, read_at: datetime) -> datetime | None:
    """Files tell nothing of the time after the newest of them."""
    if not isinstance(readable, FolderTable):
        return read_at
    newest = readable.newest_file_at
    return newest and min(newest, read_at)


def _land(
    source: str, loads: list[TableLoad], hash_key: str, warehouse_url: str
) -> None:
    """Land tables; if one cannot be read, nothing has landed, and the others do."""
    if not loads:
        return
    changed = [load.result.rows_changed for load in loads]
    rows_of_tables = {load.result.table: load.rows(hash_key) for load in loads}
    try:
        land(source, rows_of_tables, warehouse_url)
    except PipelineStepFailed:
        readable = [load for load in loads if load.result.is_complete]
        if len(readable) == len(loads):
            raise
        for load, rows_changed in zip(loads, changed, strict=True):
            load.result.rows_changed = rows_changed
        _land(source, readable, hash_key, warehouse_url)


def _is_due(connection: Connection, ledger: Ledger, load: TableLoad) -> bool:
    """A table without a cursor is read whole anyway; the others now and then."""
    if not load.result.table.cursor:
        return True
    last = ledger.last_reconciled(connection, load.result.table)
    period = timedelta(days=read_contract()["reconcile_days"])
    return last is None or last + period <= ledger.started_at


def _reconcile(
    connection: Connection, ledger: Ledger, load: TableLoad, accept_deletes: bool
) -> bool:
    """Mark what is gone; return whether rows are missing that no cursor led to."""
    if not isinstance(load.readable, DatabaseTable):
        return False
    try:
        with load.noted():
            gone, missing = reconcile(
                connection, load.readable, ledger.started_at, accept_deletes
            )
    except UnreadableError:
        connection.rollback()
        return False
    connection.commit()
    load.result.rows_deleted = gone
    load.result.is_reconciled = True
    return missing > load.rows_suppressed
