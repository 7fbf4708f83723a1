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
DAY = "landed_day"  # the column by which Spark leaves out files
WHOLE = "whole"  # the day of a table that is one file
# What lies beyond, as no plausible time does, makes one day before and one after.
FIRST_DAY, LAST_DAY = date(1999, 12, 31), date(2100, 1, 1)
STAMP = re.compile(r"Table Properties: \[.*\blanded=(\w+)")


@dataclass(frozen=True)
class LakeTable:
    """A table of the lake.

    Attributes:
        name: with its schema.
        day: the time by whose UTC day its files are cut.
    """

    name: str
    columns: pa.Schema
    day: str | None = None

    def digests(self, cursor: Cursor) -> dict[str, str]:
        """Return a digest of the rows of each day, in whatever order they lie."""
        names = ", ".join(f'"{name}"' for name in self.columns.names)
        group = "group by 1" if self.day else ""
        cursor.execute(
            f"select {self._day}, count(*), "  # noqa: S608 - our own names
            f"cast(sum(hash({names})) as varchar) from {self._landed} {group}"
        )
        return {
            day: _digest(self._spark_columns, rows, hashes)
            for day, rows, hashes in sorted(cursor.fetchall())
        }

    def copy(self, cursor: Cursor, day: str, path: Path) -> None:
        """Write the rows of a day as a Parquet file."""
        values = ", ".join(
            f'cast("{field.name}" as varchar) as "{field.name}"'
            if field.type == pa.binary(16)
            else f'"{field.name}"'
            for field in self.columns
        )
        order = f'order by "{self.day}"' if self.day else ""
        cursor.execute(
            f"copy (select {values} from {self._landed} "  # noqa: S608 - our own names
            f"where {self._is_of(day)} {order}) to '{path}' (format parquet, "
            f"compression zstd, row_group_size {ROWS_PER_GROUP})"
        )

    def folder(self, day: str, digest: str) -> str:
        """Return where the file of a day is, from the root of the lake."""
        return f"{self.name.replace('.', '/')}/{day}-{digest}"

    def stamp(self, digests: dict[str, str], location: str) -> str:
        """Return what tells whether Spark has the table as it is."""
        return _digest(self._spark_columns, sorted(digests.items()), location)

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
            f"create table {unfinished} ({columns}, {DAY} date) using parquet "
            f"partitioned by ({DAY}) location {root} {stamp}"
        )
        if folders:
            partitions = " ".join(
                f"partition ({DAY} = '{day}') location {place}"
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
    def _landed(self) -> str:
        schema, _, name = self.name.partition(".")
        return f'{schema}."{name}"'

    @property
    def _spark_columns(self) -> list[str]:
        return [f"`{one.name}` {SPARK_TYPES[one.type]}" for one in self.columns]

    @property
    def _day(self) -> str:
        if not self.day:
            return f"'{WHOLE}'"
        return (
            f"cast(greatest(least(cast(\"{self.day}\" as date), date '{LAST_DAY}'), "
            f"date '{FIRST_DAY}') as varchar)"
        )

    def _is_of(self, day: str) -> str:
        condition = f"{self._day} = '{day}'"
        if not self.day or not f"{FIRST_DAY}" < day < f"{LAST_DAY}":
            return condition
        # of a bare column, DuckDB knows which blocks can hold it
        end = date.fromisoformat(day) + timedelta(days=1)
        return (
            f"{condition} and \"{self.day}\" >= timestamptz '{day} 00:00:00+00' "
            f"and \"{self.day}\" < timestamptz '{end} 00:00:00+00'"
        )


def lake_tables() -> list[LakeTable]:
    """Return the tables of the contract, and the ledger of each source."""
    tables = []
    for source in read_contract()["sources"]:
        tables.append(LakeTable(f"staging_{source}._loads", LEDGER))
        for table in tables_of(source):
            name = f"{table.schema_name}.{table.name}"
            tables.append(LakeTable(name, table.arrow_schema, table.day))
    return tables


def _digest(*parts: object) -> str:
    return md5(repr(parts).encode(), usedforsecurity=False).hexdigest()


def _text(value: str) -> str:
    """Return a literal of Spark, which reads backslashes in it."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
