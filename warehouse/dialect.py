"""What the engines say otherwise in the SQL of commands, as macros/engines for models.

SQL that all three understand needs none of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adbc_driver_manager.dbapi import Connection


@dataclass(frozen=True)
class Dialect:
    """The words of an engine.

    Attributes:
        days: The days from the date `start` to the date `end`.
        type_names: What it calls types otherwise.
        escapes: How signs stand in a text that cannot stand there as they are.
        changes_rows: Whether there is `update` and `delete`.
    """

    days: str = "({end} - {start})"
    type_names: Mapping[str, str] = field(default_factory=dict)
    escapes: Mapping[str, str] = field(default_factory=lambda: {"'": "''"})
    changes_rows: bool = True

    def type_name(self, name: str) -> str:
        """Return what a type is called, by its name on the other engines."""
        return self.type_names.get(name, name)

    def days_between(self, start: str, end: str) -> str:
        """Return the number of days between two dates."""
        return self.days.format(start=start, end=end)

    def literal(self, value: object) -> str:
        """Return a value as it stands in a statement."""
        if value is None:
            return "null"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, datetime):
            return f"cast('{value}' as {self.type_name('timestamptz')})"
        return f"'{str(value).translate(str.maketrans(dict(self.escapes)))}'"


STANDARD = Dialect()
SPARK = Dialect(
    days="datediff({end}, {start})",
    type_names={
        "varchar": "string",
        "text": "string",
        "timestamptz": "timestamp",
        "double precision": "double",
    },
    escapes={"'": "\\'", "\\": "\\\\"},
    changes_rows=False,
)


def dialect_of(connection: Connection) -> Dialect:
    """Return the dialect of an open warehouse."""
    return getattr(connection, "dialect", STANDARD)
