"""Who was erased: no load brings a person back who stands in this list.

It holds keyed hashes of ids that occur nowhere else, so it tells of nobody, and
nothing in the warehouse equals them. `person` and `erase` in contract.yml say which
columns hold whose ids, and what becomes of a row.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import reduce
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager.dbapi import Connection

from loaders.contract import Table
from warehouse.tables import TIMESTAMP, append_rows, existing_tables

TABLE = "production.suppressed_persons"
SCHEMA = pa.schema([("person_hash", pa.string()), ("suppressed_at", TIMESTAMP)])
BLANK = ""  # where a key cannot be NULL; no hash is empty

# PostHog's distinct ids, and the columns of the app's users that can be one.
APP, EMAIL, POSTHOG, CONVERSATION = "app", "email", "posthog", "conversation"
APP_DISTINCT_IDS = ("id_hash", "email_hash")

PersonId = tuple[str, str]  # of which kind, and the id as text


@dataclass(frozen=True)
class Suppressed:
    """The list, as a load reads it.

    Attributes:
        person_hashes: one for each id.
    """

    hash_key: str
    person_hashes: frozenset[str] = frozenset()

    def with_ids(self, ids: Iterable[PersonId]) -> "Suppressed":
        """Return the list with more ids."""
        hashes = {person_hash(one, self.hash_key) for one in ids}
        return replace(self, person_hashes=self.person_hashes | hashes)

    def holds(self, kind: str, values: pa.ChunkedArray) -> pa.Array:
        """Tell of each id of a kind whether it stands in the list."""
        encoded = values.combine_chunks().dictionary_encode()
        found = [
            is_id(value)
            and person_hash((kind, id_text(value)), self.hash_key) in self.person_hashes
            for value in encoded.dictionary.to_pylist()
        ]
        return pc.fill_null(pa.array(found, pa.bool_()).take(encoded.indices), False)

    def hits(self, table: Table, rows: pa.Table) -> pa.Array:
        """Tell of each landing row whether it goes with a person of the list."""
        masks = [
            self.holds(column.person, rows[column.id_column])
            for column in table.columns
            if column.person and column.erase == "row"
        ]
        nobody = pa.repeat(pa.scalar(False), rows.num_rows)
        return reduce(pc.or_, masks, nobody)

    def kept(self, table: Table, rows: pa.Table) -> pa.Table:
        """Return what may land of the rows of a table."""
        if not self.person_hashes:
            return rows
        for column in table.columns:
            if column.person and column.erase == "value":
                is_named = self.holds(column.person, rows[column.id_column])
                rows = _blanked(rows, column.landed, is_named)
        is_gone = self.hits(table, rows)
        if table.blanks_erased:
            return _blanked(rows, blanks(table), is_gone)
        return rows.filter(pc.invert(is_gone))


def is_id(value: object) -> bool:
    """Tell whether a value names anybody."""
    return value is not None and value != BLANK


def person_hash(person_id: PersonId, hash_key: str) -> str:
    """Return what an id is called in the list, which it is called nowhere else."""
    kind, value = person_id
    text = f"suppressed {kind} {value.strip().lower()}"
    return hmac.digest(hash_key.encode(), text.encode(), "sha256").hex()


def read_suppressed(connection: Connection, hash_key: str) -> Suppressed:
    """Read the list."""
    if TABLE not in existing_tables(connection):
        return Suppressed(hash_key)
    with connection.cursor() as cursor:
        cursor.execute(f"select person_hash from {TABLE}")
        return Suppressed(hash_key, frozenset(one for (one,) in cursor.fetchall()))


def create_list(connection: Connection) -> None:
    """Create the list; on Postgres it has to belong to whoever loads."""
    if TABLE not in existing_tables(connection):
        with connection.cursor() as cursor:
            cursor.execute("create schema if not exists production")
            cursor.execute(
                f"create table {TABLE} (person_hash text, suppressed_at timestamptz)"
            )


def suppress(
    connection: Connection, suppressed: Suppressed, ids: Iterable[PersonId]
) -> Suppressed:
    """Add ids to the list, once the transaction is committed; return it."""
    after = suppressed.with_ids(ids)
    rows = [
        {"person_hash": one, "suppressed_at": datetime.now(UTC)}
        for one in sorted(after.person_hashes - suppressed.person_hashes)
    ]
    create_list(connection)
    with connection.cursor() as cursor:
        if rows:
            schema, _, name = TABLE.partition(".")
            append_rows(cursor, name, pa.Table.from_pylist(rows, SCHEMA), schema)
    return after


def blanks(table: Table) -> list[str]:
    """Return the columns that are empty in the row of an erased person that stays."""
    ids = {column.id_column for column in table.columns if column.person}
    return [name for name in table.landed if name in ids or name not in table.key]


def is_of_accounts(table: Table) -> bool:
    """Tell whether the rows of a table say which ids are of one person."""
    return sum(bool(one.person) and one.erase == "row" for one in table.columns) > 1


def id_columns(table: Table) -> list[tuple[str, str]]:
    """Return the columns of ids by kind; those of the app's users are of two.

    PostHog knows an app user by the id or the e-mail address, both hashed.
    """
    found = [
        (column.person, column.id_column) for column in table.columns if column.person
    ]
    if is_of_accounts(table) and APP in dict(found):
        found += [(POSTHOG, name) for name in table.landed if name in APP_DISTINCT_IDS]
    return found


def _blanked(rows: pa.Table, names: Iterable[str], mask: pa.Array) -> pa.Table:
    """Return rows with nothing in some columns where the mask is true."""
    for name in names:
        number = rows.schema.get_field_index(name)
        field = rows.schema.field(number)
        blank = pa.scalar(None if field.nullable else BLANK, field.type)
        rows = rows.set_column(number, field, pc.if_else(mask, blank, rows[name]))
    return rows


def id_text(value: object) -> str:
    """Return an id as the warehouse writes it; a UUID comes as its 16 bytes."""
    return str(UUID(bytes=value)) if isinstance(value, bytes) else str(value)
