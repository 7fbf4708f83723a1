"""Take persons out of tables that have landed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adbc_driver_manager.dbapi import Connection, Cursor

from loaders.contract import Table, read_contract, tables_of
from loaders.suppression import BLANK, PersonId, blanks
from warehouse.tables import existing_tables


@dataclass(frozen=True)
class IdColumn:
    """A column that holds ids of persons.

    Attributes:
        kind: of which kind they are.
        blanked: the columns that lose their value; none: the row goes.
    """

    name: str
    kind: str
    blanked: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonalTable:
    """A table whose rows hold ids of persons.

    Attributes:
        name: with its schema.
        required: the columns that cannot be NULL.
    """

    name: str
    columns: tuple[IdColumn, ...]
    required: tuple[str, ...] = ()

    def erase(self, cursor: Cursor, ids: Iterable[PersonId]) -> tuple[int, int]:
        """Erase persons; return how many rows are removed, and how many blanked."""
        removed = blanked = 0
        for condition, columns in self._erasures(ids):
            count = _count(cursor, self.name, condition)
            if columns:
                blanked += count
                values = ", ".join(
                    f'"{name}" = {self._blank(name)}' for name in columns
                )
                cursor.execute(f"update {self.name} set {values} where {condition}")
            else:
                removed += count
                cursor.execute(f"delete from {self.name} where {condition}")
        return removed, blanked

    def count(self, cursor: Cursor, ids: Iterable[PersonId]) -> int:
        """Count the rows that hold ids of persons."""
        conditions = [condition for condition, _ in self._erasures(ids)]
        return _count(cursor, self.name, " or ".join(conditions) or "false")

    def _erasures(
        self, ids: Iterable[PersonId]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield conditions of rows, each with the columns that lose their value."""
        ids = list(ids)
        for column in self.columns:
            values = ", ".join(
                "'" + value.replace("'", "''") + "'"
                for kind, value in ids
                if kind == column.kind
            )
            if values:
                text = f'cast("{column.name}" as varchar)'
                yield f"{text} in ({values})", column.blanked

    def _blank(self, name: str) -> str:
        return f"'{BLANK}'" if name in self.required else "null"


def landed_tables(connection: Connection) -> list[PersonalTable]:
    """Return the tables of the contract that hold ids of persons and are there."""
    existing = existing_tables(connection)
    tables = [
        table
        for source in read_contract()["sources"]
        for table in tables_of(source)
        if f"{table.schema_name}.{table.name}" in existing
    ]
    return [table for table in map(_personal, tables) if table.columns]


def _personal(table: Table) -> PersonalTable:
    columns = []
    for column in table.columns:
        if column.person:
            of_row = tuple(blanks(table)) if table.blanks_erased else ()
            blanked = tuple(column.landed) if column.erase == "value" else of_row
            columns.append(IdColumn(column.id_column, column.person, blanked))
    name = f'{table.schema_name}."{table.name}"'
    return PersonalTable(name, tuple(columns), table.key)


def _count(cursor: Cursor, name: str, condition: str) -> int:
    cursor.execute(f"select count(*) from {name} where {condition}")  # noqa: S608
    return cursor.fetchone()[0]
