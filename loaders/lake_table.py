"""A table that a load lands: in the landing file, in files of a lake, and in Spark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import md5
from pathlib import Path

import pyarrow as pa
from adbc_driver_manager.dbapi import Cursor

from loaders.contract import read_contract, tables_of
from loaders.ledger import SCHEMA as LEDGER
from warehouse.tables import TIMESTAMP

FILE = "rows.parquet"
ROWS_PER_GROUP = 122_880
SPARK_TYPES = {
    pa.string(): "string",
    pa.binary(16): "string",  # a UUID, of which Spark has no type
    pa.int64(): "bigint",
    pa.decimal128(38, 9): "decimal(38,9)",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    TIMESTAMP: "timestamp",
}
# The column by which Spark leaves out files: a UTC day, and what its rows are.
DAY_VERSION = "day_version"
DAY = "lake_day"
WHOLE = "whole"  # the day of a table that is one file
MOVED = "moved_rows"  # into the file of another day than their own
# What lies beyond, as no plausible time does, makes one day before and one after.
FIRST_DAY, LAST_DAY = date(1999, 12, 31), date(2100, 1, 1)
STAMP = re.compile(r"Table Properties: \[.*\blanded=(\w+)")


@dataclass(frozen=True)
class LakeTable:
    """A table of the lake.

    Attributes:
        name: with its schema.
        day: the time by whose UTC day its files are cut.
        same_day: the column whose rows of one value are in the file of the first day.
    """

    name: str
    columns: pa.Schema
    day: str | None = None
    same_day: str | None = None

    def digests(self, cursor: Cursor) -> dict[str, str]:
        """Return a digest of the rows of each day, in whatever order they lie."""
        if self.same_day:
            cursor.execute(
                f"create or replace temp table {MOVED} as "  # noqa: S608 - our own names
                f"select * from {self._place} inner join (select {self.same_day}, "
                f"min({self._own_day}) as {DAY} from {self._place} group by 1 "
                f"having min({self._own_day}) < max({self._own_day})) as first_days "
                f"using ({self.same_day})"
            )
        # a table without days has a file even if it has no row
        day, group = (DAY, "group by 1") if self.day else (f"'{WHOLE}'", "")
        cursor.execute(
            f"select {day}, count(*), cast(sum(hash({self._names})) as varchar) "  # noqa: S608 - our own names
            f"from ({self._rows()}) {group}"
        )
        return {
            day: _digest(self._spark_columns, rows, hashes)
            for day, rows, hashes in sorted(cursor.fetchall())
        }

    def copy(self, cursor: Cursor, day: str, path: Path) -> None:
        """Write the rows of a day, one of `digests` with this cursor, as Parquet."""
        values = ", ".join(
            f'cast("{field.name}" as varchar) as "{field.name}"'
            if field.type == pa.binary(16)
            else f'"{field.name}"'
            for field in self.columns
        )
        order = f'order by "{self.day}"' if self.day else ""
        cursor.execute(
            f"copy (select {values} from ({self._rows(day)}) "  # noqa: S608 - our own names
            f"where {DAY} = '{day}' {order}) to '{path}' (format parquet, "
            f"compression zstd, row_group_size {ROWS_PER_GROUP})"
        )

    def _rows(self, day: str = "") -> str:
        """Return a query of all rows, each with its day, or those that one can need."""
        query = f"select {self._names}, {self._own_day} as {DAY} from {self._place}"
        conditions = []
        if self.day and f"{FIRST_DAY}" < day < f"{LAST_DAY}":
            # of a bare column, DuckDB knows which blocks can hold it
            end = date.fromisoformat(day) + timedelta(days=1)
            conditions += [
                f"\"{self.day}\" >= timestamptz '{day} 00:00:00+00'",
                f"\"{self.day}\" < timestamptz '{end} 00:00:00+00'",
            ]
        if self.same_day:
            moved = f"select {self.same_day} from {MOVED}"
            conditions += [f"{self.same_day} not in ({moved})"]
        if conditions:
            query += f" where {' and '.join(conditions)}"
        if self.same_day:
            query += f" union all select {self._names}, {DAY} from {MOVED}"
        return query

    def folder(self, day: str, digest: str) -> str:
        """Return where the file of a day is, from the root of the lake."""
        return f"{self.name.replace('.', '/')}/{day}-{digest}"

    def stamp(self, digests: dict[str, str], location: str) -> str:
        """Return what tells whether Spark has the table as it is."""
        columns = [*self._spark_columns, DAY_VERSION]
        return _digest(columns, sorted(digests.items()), location)

    def creation(self, digests: dict[str, str], location: str) -> Iterator[str]:
        """Yield the statements that let Spark read the table as it is.

        A table with days is filled under another name: it is there whole, or not.

        Args:
            digests: as `digests` returns them.
            location: of the lake, as Spark calls it.
        """
        root = _text(f"{location}/{self.name.replace('.', '/')}")
        folders = {
            day: _text(f"{location}/{self.folder(day, digest)}")
            for day, digest in digests.items()
        }
        columns = ", ".join(self._spark_columns)
        stamp = f"tblproperties ('landed' = '{self.stamp(digests, location)}')"
        if not self.day:
            yield f"drop table if exists {self.name}"
            yield (
                f"create table {self.name} ({columns}) using parquet "
                f"location {folders[WHOLE]} {stamp}"
            )
            return
        unfinished = f"{self.name}__unfinished"
        yield f"drop table if exists {unfinished}"
        yield (
            f"create table {unfinished} ({columns}, {DAY_VERSION} string) "
            f"using parquet partitioned by ({DAY_VERSION}) location {root} {stamp}"
        )
        if folders:
            partitions = " ".join(
                f"partition ({DAY_VERSION} = '{day}-{digests[day]}') location {place}"
                for day, place in folders.items()
            )
            yield f"alter table {unfinished} add {partitions}"
        yield f"drop table if exists {self.name}"
        yield f"alter table {unfinished} rename to {self.name}"

    @property
    def schema(self) -> str:
        """Its schema."""
        return self.name.partition(".")[0]

    @property
    def _place(self) -> str:
        schema, _, name = self.name.partition(".")
        return f'{schema}."{name}"'

    @property
    def _names(self) -> str:
        return ", ".join(f'"{name}"' for name in self.columns.names)

    @property
    def _spark_columns(self) -> list[str]:
        return [f"`{one.name}` {SPARK_TYPES[one.type]}" for one in self.columns]

    @property
    def _own_day(self) -> str:
        if not self.day:
            return f"'{WHOLE}'"
        return (
            f"cast(greatest(least(cast(\"{self.day}\" as date), date '{LAST_DAY}'), "
            f"date '{FIRST_DAY}') as varchar)"
        )


def lake_tables() -> list[LakeTable]:
    """Return the tables of the contract, and the ledger of each source."""
    tables = []
    for source in read_contract()["sources"]:
        tables.append(LakeTable(f"staging_{source}._loads", LEDGER))
        for table in tables_of(source):
            name = f"{table.schema_name}.{table.name}"
            tables.append(
                LakeTable(name, table.arrow_schema, table.day, table.same_day)
            )
    return tables


def _digest(*parts: object) -> str:
    return md5(repr(parts).encode(), usedforsecurity=False).hexdigest()


def _text(value: str) -> str:
    """Return a literal of Spark, which reads backslashes in it."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
