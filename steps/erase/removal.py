"""Take a person out of what was loaded, and remember by keyed hashes to keep them out.

All of it is one transaction: nobody is out of the raw tables whom a load could bring
back, or whom the history still has.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from adbc_driver_manager.dbapi import Connection

from loaders.contract import read_contract
from loaders.erasure import IdColumn, PersonalTable, landed_tables
from loaders.pipeline import clear_workbench
from loaders.suppression import PersonId, read_suppressed, suppress
from steps.publish.contents import quoted
from warehouse.tables import denial_explained, existing_tables

SNAPSHOTS = Path(__file__).parents[2] / "snapshots"
ERASURES = "production.erasures"
CREATE = f"""
    create table if not exists {ERASURES} (
        erasure_id bigint, is_known boolean, rows_removed bigint, rows_blanked bigint,
        started_at timestamptz, finished_at timestamptz
    )
"""


@dataclass(frozen=True)
class Removed:
    """What became of the rows of a person.

    Attributes:
        erasure_id: the number of the erasure.
        removed: rows that are gone.
        blanked: rows that stay, without the person.
    """

    erasure_id: int
    removed: int
    blanked: int


def personal_tables(connection: Connection) -> list[PersonalTable]:
    """Return the raw tables, and those of the history, that hold ids of persons."""
    return [*landed_tables(connection), *_history(connection)]


def count_rows(connection: Connection, ids: Iterable[PersonId]) -> dict[str, int]:
    """Return how many rows of each table hold ids of persons, where any does."""
    with connection.cursor() as cursor:
        counts = {
            table.name.replace('"', ""): table.count(cursor, ids)
            for table in personal_tables(connection)
        }
    return {name: rows for name, rows in counts.items() if rows}


def remove(
    connection: Connection,
    ids: frozenset[PersonId],
    user_keys: frozenset[str],
    hash_key: str,
) -> Removed:
    """Remove a person for good, once the transaction is committed.

    Raises:
        UserError: the role has no right to.
    """
    removed = blanked = 0
    for source in read_contract()["sources"]:
        clear_workbench(connection, source)
    with (
        denial_explained(connection, "erase in the warehouse"),
        connection.cursor() as cursor,
    ):
        suppress(connection, read_suppressed(connection, hash_key), ids)
        for table in personal_tables(connection):
            gone, emptied = table.erase(cursor, ids)
            removed, blanked = removed + gone, blanked + emptied
        forget_answers(connection, user_keys)
        cursor.execute(CREATE)
        cursor.execute(f"select coalesce(max(erasure_id), 0) + 1 from {ERASURES}")
        (number,) = cursor.fetchone()
        is_known = removed + blanked > 0
        cursor.execute(
            f"insert into {ERASURES} "
            f"select {number}, {is_known}, {removed}, {blanked}, now(), null"
        )
    return Removed(number, removed, blanked)


def forget_answers(connection: Connection, user_keys: Iterable[str]) -> None:
    """Remove what a language model was asked and answered about a person.

    Themes keep their names, which enough others share, or are not shown.
    """
    if "insights.facets" not in existing_tables(connection):
        return
    of_person = f"where user_key in ({', '.join(map(quoted, user_keys)) or 'null'})"
    with connection.cursor() as cursor:
        for table in ("facet_items", "theme_notes"):
            cursor.execute(
                f"delete from insights.{table} where cache_key in "
                f"(select cache_key from insights.facets {of_person})"
            )
        for table in ("facets", "calls"):
            cursor.execute(f"delete from insights.{table} {of_person}")


def is_unfinished(connection: Connection) -> bool:
    """Tell whether an erasure began and did not come to its end."""
    if ERASURES not in existing_tables(connection):
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {ERASURES} where finished_at is null")
        return cursor.fetchone() != (0,)


def finish(connection: Connection) -> None:
    """Write that all erasures that began have come to their end."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {ERASURES} set finished_at = now() where finished_at is null"
        )
    connection.commit()


def _history(connection: Connection) -> list[PersonalTable]:
    """Return the tables of the history, as the project declares them."""
    existing = existing_tables(connection)
    tables = []
    for path in sorted(SNAPSHOTS.glob("*.yml")):
        for snapshot in yaml.safe_load(path.read_text(encoding="utf-8"))["snapshots"]:
            name = f"history.{snapshot['name']}"
            columns = tuple(filter(None, map(_id_column, snapshot["columns"])))
            if columns and name in existing:
                tables.append(PersonalTable(name, columns))
    return tables


def _id_column(column: dict[str, Any]) -> IdColumn | None:
    """Return a column as its YAML declares it, like a column of contract.yml."""
    meta = column.get("config", {}).get("meta", {})
    if "person" not in meta:
        return None
    blanked = (column["name"],) if meta.get("erase") == "value" else ()
    return IdColumn(column["name"], meta["person"], blanked)
