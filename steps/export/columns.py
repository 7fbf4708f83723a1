"""The columns of a dataset, and what their types are called elsewhere."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

USER_KEY = "user_key"
ROLES = ("key", "feature", "label", "split", "version")
INSTANT = "timestamptz"
MONTH = "month"


@dataclass(frozen=True)
class ColumnType:
    """A type as it leaves: in Arrow and Parquet, in JSON Schema and in Croissant."""

    arrow: pa.DataType
    json_schema: dict[str, str]
    croissant: str


DAY = ColumnType(pa.date32(), {"type": "string", "format": "date"}, "sc:Date")
TYPES = {
    "text": ColumnType(pa.string(), {"type": "string"}, "sc:Text"),
    "bigint": ColumnType(pa.int64(), {"type": "integer"}, "sc:Integer"),
    "double precision": ColumnType(pa.float64(), {"type": "number"}, "sc:Float"),
    "boolean": ColumnType(pa.bool_(), {"type": "boolean"}, "sc:Boolean"),
    "date": DAY,
    # an exact instant would find the person in a source: the day leaves
    INSTANT: DAY,
}


@dataclass(frozen=True)
class Column:
    """A column as the models' YAML declares it.

    Attributes:
        data_type: Its type in the warehouse, one of TYPES.
        role: One of ROLES.
        is_quasi_identifier: Whether it could help to recognise a person.
        coarsen: How much of it may leave: the month of an instant, or a number rounded
            down to a multiple of this; None if all of it.
        is_required: Whether a test says that it is never null.
        values: The values a test accepts; empty if it may be any.
    """

    name: str
    data_type: str
    role: str
    description: str
    is_quasi_identifier: bool
    coarsen: str | int | None
    is_required: bool
    values: tuple[Any, ...]

    @property
    def type(self) -> ColumnType:
        """The type it leaves with."""
        return TYPES[self.data_type]

    @property
    def expression(self) -> str:
        """The SQL that reads it from the warehouse as it may leave."""
        name = f'"{self.name}"'
        if self.data_type == INSTANT:
            day = f"cast({name} as date)"
            if self.coarsen == MONTH:
                day = f"cast(date_trunc('month', {day}) as date)"
            return f"{day} as {name}"
        if self.coarsen:
            return f"{name} - {name} % {self.coarsen} as {name}"
        return name

    @property
    def note(self) -> str:
        """What the export does to it."""
        if self.name == USER_KEY:
            return "A pseudonym of its own for this consumer."
        if self.coarsen == MONTH:
            return "The first day of the UTC month of the instant."
        if self.data_type == INSTANT:
            return "The UTC day of the instant."
        if self.coarsen:
            return f"Rounded down to a multiple of {self.coarsen}."
        return ""


def may_coarsen(data_type: str, coarsen: object) -> bool:
    """Whether a column of a type can leave in such steps."""
    if data_type == "bigint":
        return type(coarsen) is int and coarsen > 1
    return data_type == INSTANT and coarsen == MONTH
