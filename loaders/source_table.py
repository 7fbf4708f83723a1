"""A declared table in a Postgres source: read as Arrow, in bounded batches."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager.dbapi import Cursor

from loaders.contract import Table
from loaders.snapshot import Snapshot
from loaders.source_columns import SourceColumn
from loaders.source_keys import ORDINAL, greatest, ranked
from loaders.source_text import Decoder
from warehouse.errors import WithheldError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceTable:
    """A declared table as it stands in the source.

    Attributes:
        snapshot: what it is read in.
        table: what the contract says of it.
        present: its declared columns that can be read, without those that are dropped.
        is_unique: whether the source has no two rows with one key.
    """

    snapshot: Snapshot
    table: Table
    present: tuple[SourceColumn, ...]
    is_unique: bool

    @property
    def where(self) -> str:
        """What it is called in what is told."""
        return f"{self.snapshot.variable}: {self.table.name}"

    def check(self, live_rows: int, columns_before: set[str]) -> list[str]:
        """Return the columns that can be read; see `Checkable`."""
        columns = [column.name for column in self.present]
        gone = [
            column.name
            for column in self.table.columns
            if column.landed and column.name in columns_before.difference(columns)
        ]
        if gone and live_rows:
            raise WithheldError(
                f"{self.where}: {', '.join(gone)} landed before and is not there any "
                "more, or there is no right to read it: restore it; if it is meant to "
                "be gone, load with --accept-deletes"
            )
        with self._reading() as cursor:
            cursor.execute(f"{self._select(self.present)} limit 0")
        return columns

    def read(self, since: datetime | None, _: pa.Table | None) -> Iterator[pa.Table]:
        """Yield the rows whose cursor reached `since`, or all, in bounded batches."""
        decoder = Decoder(self.snapshot.codec)
        repeated = 0
        with self._reading() as cursor:
            self._tell_lost(cursor)
            cursor.execute(self._query(since))
            for batch in cursor.fetch_record_batch():
                rows = decoder.decoded(pa.table(batch))
                if not self.is_unique:
                    is_first = pc.equal(rows[ORDINAL], 1)
                    repeated += rows.num_rows - pc.sum(is_first).as_py()
                yield rows
        decoder.tell(self.where)
        if repeated:
            logger.warning(
                "%s: %d rows have the %s of another row and are rejected: of rows with "
                "one key the newest counts",
                *(self.where, repeated, " and ".join(self.table.key)),
            )

    @contextmanager
    def read_keys(self) -> Iterator[pa.RecordBatchReader]:
        """Yield a reader of the keys of all rows that have one."""
        keys = [column for column in self.present if column.name in self.table.key]
        has_key = " and ".join(f"{key.expression} is not null" for key in keys)
        with self._reading() as cursor:
            cursor.execute(f"{self._select(keys)} where {has_key}")
            reader = cursor.fetch_record_batch()
            yield Decoder(self.snapshot.codec).decoded_reader(reader)

    def _reading(self) -> AbstractContextManager[Cursor]:
        return self.snapshot.reading(self.table.name)

    def _select(self, columns: Iterable[SourceColumn]) -> str:
        selected = [
            f'{self._expression(column)} as "{column.name}"' for column in columns
        ]
        return f'select {", ".join(selected)} from "{self.table.name}"'

    def _expression(self, column: SourceColumn) -> str:
        declared = self.table.column(column.name)
        is_text = declared.type in ("text", "identifier") and declared.pii != "length"
        return self.snapshot.text(column.expression) if is_text else column.expression

    def _query(self, since: datetime | None) -> str:
        rows = self._select(self.present)
        names = [column.name for column in self.present]
        cursors = [name for name in names if name in self.table.cursor]
        where = ""
        if since and cursors:
            # No index is promised, so one expression over all cursors costs no more.
            newest = greatest(cursors)
            where = f"where {newest} >= '{since.isoformat()}' or {newest} is null"
        if self.is_unique:
            return f"select * from ({rows}) as landing {where}"
        times = cursors or [
            name
            for name in names
            if self.table.column(name).type in ("timestamp", "deletion")
        ]
        rows = ranked(rows, names, self.table.key, times)
        if where:
            where += f" or {ORDINAL} > 1"  # to be counted
        return f"select * from ({rows}) as landing {where}"

    def _tell_lost(self, cursor: Cursor) -> None:
        """Count the values that do not fit their type, and are NULL therefore."""
        lossy = [column for column in self.present if column.may_lose]
        if not lossy:
            return
        counts = ", ".join(
            f'count("{column.found_as}") - count({column.expression})'
            for column in lossy
        )
        cursor.execute(f'select {counts} from "{self.table.name}"')
        for column, lost in zip(lossy, cursor.fetchone(), strict=True):
            if lost:
                logger.warning(
                    "%s: %d values of %s are no %s, they are NULL",
                    *(self.where, lost, column.found_as),
                    self.table.column(column.name).type,
                )


@dataclass(frozen=True)
class MissingTable:
    """A declared table that its database does not give.

    Attributes:
        problem: what is missing, and where.
        is_certain: it is there, but its database does not open.
    """

    table: Table
    problem: str
    is_certain: bool = False

    def check(self, live_rows: int, _: set[str]) -> list[str]:
        """Refuse to take rows for deleted that may only be out of sight."""
        if self.is_certain:
            raise WithheldError(self.problem)
        if live_rows:
            raise WithheldError(
                f"{self.problem}, and {live_rows} rows of it landed before: restore "
                "it, or the right to read it; if it is meant to be gone, load with "
                "--accept-deletes"
            )
        return []

    def read(self, _: datetime | None, __: pa.Table | None) -> Iterator[pa.Table]:
        """Yield nothing."""
        yield from ()

    @contextmanager
    def read_keys(self) -> Iterator[pa.RecordBatchReader]:
        """Yield no key."""
        schema = pa.schema([(name, pa.string()) for name in self.table.key])
        yield pa.RecordBatchReader.from_batches(schema, [])


DatabaseTable = SourceTable | MissingTable
