"""The raw contract: which columns land, as what type, under which privacy policy."""

from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from loaders.privacy import domains, hashed, scrubbed
from warehouse.tables import TIMESTAMP
from warehouse.text import cleaned

CONTRACT_FILE = Path(__file__).with_name("contract.yml")
DELETED_IN_SOURCE = "_deleted_in_source_at"
FIRST_PLAUSIBLE = "2000-01-01 00:00:00+00"  # as the macro `plausible_time` says

ARROW_TYPES = {
    "identifier": pa.string(),
    "uuid": pa.binary(16),
    "text": pa.string(),
    "bigint": pa.int64(),
    "numeric": pa.decimal128(38, 9),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": TIMESTAMP,
    "deletion": TIMESTAMP,
}


@dataclass(frozen=True)
class Column:
    """One column of a source table and what becomes of it.

    Attributes:
        person: of which kind the id of a person is that it holds, if it holds one.
        erase: what goes with an erased person, the row or the value.
        key_of: the column of JSON documents of which it is one key.
    """

    name: str
    pii: str
    type: str = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    person: str | None = None
    erase: str = "row"
    key_of: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be called in the source, the first that is there counts."""
        return (self.key_of,) if self.key_of else (self.name, *self.aliases)

    @property
    def id_column(self) -> str:
        """The landed column that tells whose id it holds."""
        return self.name if self.name in self.landed else f"{self.name}_hash"

    @property
    def landed(self) -> dict[str, str]:
        """The columns it becomes in the warehouse, each with its contract type."""
        hash_column = {f"{self.name}_hash": "text"}
        return {
            "drop": {},
            "hash": hash_column,
            "hash_email": {**hash_column, f"{self.name}_domain_hash": "text"},
            "keep": {self.name: self.type},
            "keep_and_hash": {self.name: self.type, **hash_column},
            "length": {f"{self.name}_length": "bigint"},
            "scrub": {self.name: self.type},
        }[self.pii]


@dataclass(frozen=True)
class Table:
    """One source table.

    Attributes:
        day: the column by whose UTC day the files of Spark are cut.
        same_day: the column whose rows of one value are in one file.
        blanks_erased: whether the row of an erased person stays, without a value that
            its key can do without.
    """

    source: str
    origin: str
    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    cursor: tuple[str, ...] = ()
    day: str | None = None
    same_day: str | None = None
    required: bool = False
    overlap_hours: int = 0
    blanks_erased: bool = False

    @property
    def schema_name(self) -> str:
        """The warehouse schema it lands in."""
        return f"staging_{self.source}"

    def column(self, name: str) -> Column:
        """Return the declared column of a name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def is_reconciled(self) -> bool:
        """True if rows can vanish from it: the tables of databases."""
        return self.origin not in ("files", "query")

    @property
    def landed(self) -> dict[str, str]:
        """The columns it has in the warehouse, each with its contract type."""
        columns = {
            name: type_name
            for column in self.columns
            for name, type_name in column.landed.items()
        }
        if self.is_reconciled:
            columns[DELETED_IN_SOURCE] = "timestamp"
        return columns

    @property
    def arrow_schema(self) -> pa.Schema:
        """The landed columns as an Arrow schema."""
        return pa.schema(
            pa.field(name, ARROW_TYPES[type_name], nullable=name not in self.key)
            for name, type_name in self.landed.items()
        )


@cache
def read_contract() -> dict[str, Any]:
    """Return contract.yml as it stands."""
    return yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))


def tables_of(source: str) -> list[Table]:
    """Return the declared tables of a source, in the order of contract.yml."""
    contract = read_contract()
    return [
        Table(
            source=source,
            origin=origin,
            name=name,
            key=tuple(table["key"]),
            cursor=tuple(table.get("cursor", ())),
            day=table.get("day"),
            same_day=table.get("same_day"),
            required=table.get("required", False),
            overlap_hours=table.get("overlap_hours", contract["overlap_hours"]),
            blanks_erased=table.get("blanks_erased", False),
            columns=tuple(
                Column(
                    column_name,
                    **{**column, "aliases": tuple(column.get("aliases", ()))},
                )
                for column_name, column in table["columns"].items()
            ),
        )
        for origin, tables in contract["sources"][source].items()
        for name, table in tables.items()
    ]


def apply_contract(table: Table, rows: pa.Table, hash_key: str) -> tuple[pa.Table, int]:
    """Turn source rows into rows that may land.

    Args:
        table: the declaration; an optional column that `rows` lacks becomes NULL.
        rows: source rows; columns that are not declared are left behind.
        hash_key: the key of the HMAC.

    Returns:
        The rows with exactly the landed columns, and how many rows were rejected
        because a part of their key was NULL.
    """
    landed: dict[str, pa.ChunkedArray | pa.Array] = {}
    for column in table.columns:
        for name, type_name in column.landed.items():
            if column.name not in rows.column_names:
                landed[name] = pa.nulls(len(rows), ARROW_TYPES[type_name])
            else:
                landed[name] = _landed(column, name, rows[column.name], hash_key)
    if table.is_reconciled:
        landed[DELETED_IN_SOURCE] = pa.nulls(len(rows), TIMESTAMP)
    accepted = pa.table(landed, schema=table.arrow_schema)
    has_key = reduce(pc.and_, (accepted[name].is_valid() for name in table.key))
    accepted = accepted.filter(has_key)
    return accepted, rows.num_rows - accepted.num_rows


def _landed(
    column: Column, name: str, values: pa.ChunkedArray, hash_key: str
) -> pa.ChunkedArray | pa.Array:
    if column.pii == "length":
        return values  # the source has counted
    if column.pii == "scrub":
        return scrubbed(cleaned(values))
    if name.endswith("_domain_hash"):
        return hashed(domains(values), hash_key)
    if name == column.name:
        is_text = column.type == "text"
        return cleaned(values) if is_text else converted(values, column.type)
    return hashed(values, hash_key)


def converted(values: pa.ChunkedArray, type_name: str) -> pa.ChunkedArray | pa.Array:
    """Return the values as the Arrow type of a contract type.

    Raises:
        ValueError: a value does not fit the type.
    """
    if type_name != "uuid":
        return values.cast(ARROW_TYPES[type_name])
    # Arrow cannot parse a UUID, so all of a column's hex digits are decoded at once.
    text = values.combine_chunks().fill_null("0" * 32)
    digits = "".join(pc.replace_substring(text, "-", "").to_pylist())
    uuids = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(text), [None, pa.py_buffer(bytes.fromhex(digits))]
    )
    return pc.if_else(values.combine_chunks().is_valid(), uuids, None)
