"""One table in one load: where it stands, how it is read, and what came of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from loaders.contract import Table, apply_contract
from loaders.landed import Landed, unknown_rows
from loaders.ledger import TableResult
from loaders.suppression import Suppressed
from warehouse.errors import UnreadableError, WithheldError
from warehouse.progress import doing

logger = logging.getLogger(__name__)


class Readable(Protocol):
    """A declared table that its source can read."""

    table: Table

    def read(
        self, since: datetime | None, known: pa.Table | None
    ) -> Iterator[pa.Table]:
        """Yield source rows, those whose cursor reached `since` at least."""


@runtime_checkable
class Checkable(Protocol):
    """A declared table that can tell before whether it can be read."""

    def check(self, live_rows: int, columns_before: set[str]) -> None:
        """Compare it with what has landed: its rows, and the columns it had.

        Raises:
            UnreadableError: it cannot be read.
        """


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
    """One table in one load.

    Attributes:
        suppressed: the persons that were erased.
        rows_expected: how many it had, if it is read whole and no row can be missed.
        rows_suppressed: how many rows of erased persons were read and do not land.
    """

    readable: Readable | Appending
    suppressed: Suppressed
    landed: Landed = field(default_factory=lambda: Landed(0))
    rows_expected: int = 0
    rows_suppressed: int = 0
    result: TableResult = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing done."""
        self.result = TableResult(self.readable.table)

    def rows(self, hash_key: str) -> Iterator[pa.Table]:
        """Yield the rows that may land and are not known yet, counting them."""
        self.result.rows_rejected = self.rows_suppressed = 0  # it may be read twice
        has_rows = False
        doing(f"{self.result.table.source}: {self.result.table.name}")
        with self.noted():
            for batch in self.readable.read(self.landed.since, self.landed.known):
                accepted, rejected = apply_contract(self.result.table, batch, hash_key)
                kept = self.suppressed.kept(self.result.table, accepted)
                self.rows_suppressed += accepted.num_rows - kept.num_rows
                rows = unknown_rows(kept, self.landed.known)
                has_rows = has_rows or accepted.num_rows > 0
                self.result.rows_rejected += rejected
                self.result.rows_changed += rows.num_rows
                if rows.num_rows:
                    yield rows
            if self.rows_expected and not has_rows:
                raise WithheldError(
                    f"{self.result.table.source}: {self.result.table.name} is empty, "
                    f"and {self.rows_expected} rows of it landed before: see whether "
                    "the right project or folder is read, and all of it; if it is "
                    "meant to be empty, load with --accept-deletes"
                )

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note why the table cannot be read, and raise it on."""
        try:
            yield
        except UnreadableError as error:
            self.result.is_complete = False
            if self.result.table.required or isinstance(error, WithheldError):
                self.result.error = str(error)
            else:
                logger.warning("%s; until then it stays as it is", error)
            raise

    def settle(self, rows_now: int) -> None:
        """Tell new rows from changed ones by how many more there are now."""
        self.result.rows_new = rows_now - self.landed.rows
        merged = self.result.rows_changed if self.landed.rows else 0
        self.result.rows_changed = max(0, merged - self.result.rows_new)
