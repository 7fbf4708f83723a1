"""A reader who looks at what is published again and again, while others write."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb
import psycopg2

from steps.publish import duckdb_file, postgres_schemas
from tests.integration.conftest import Warehouse

SECONDS_BETWEEN_LOOKS = 0.3
NEWEST = """
    select generation_id, row_counts, table_hashes
    from marts.generations order by generation_id desc limit 1
"""


@dataclass
class Seen:
    """What a reader saw.

    Attributes:
        generations: The number of each generation, in the order they were seen.
        mixtures: What was not as the generation says.
    """

    generations: list[int] = field(default_factory=list)
    mixtures: list[str] = field(default_factory=list)
    looks: int = 0


@contextmanager
def reading(warehouse: Warehouse) -> Iterator[Seen]:
    """Read what is published until the block ends."""
    seen, is_over = Seen(), threading.Event()

    def look_again() -> None:
        while not is_over.wait(SECONDS_BETWEEN_LOOKS):
            try:
                with _reader(warehouse) as cursor:
                    _look(cursor, seen)
            except (duckdb.Error, psycopg2.Error) as error:
                seen.mixtures.append(str(error))

    thread = threading.Thread(target=look_again)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


@contextmanager
def _reader(warehouse: Warehouse) -> Iterator[Any]:
    if warehouse.url.startswith("duckdb"):
        file = warehouse.folder / "marts.duckdb"
        with duckdb.connect(file, read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            yield connection
        return
    connection = psycopg2.connect(warehouse.url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("set timezone = 'UTC'")
            connection.commit()
            yield cursor
    finally:
        connection.close()


def _look(cursor: Any, seen: Seen) -> None:  # noqa: ANN401 - of either engine
    """Read a generation, all in one transaction that begins with its number."""
    cursor.execute(NEWEST)
    number, counts, hashes = cursor.fetchone()
    counts, hashes = json.loads(counts), json.loads(hashes)
    is_file = isinstance(cursor, duckdb.DuckDBPyConnection)
    fingerprint = (duckdb_file if is_file else postgres_schemas).FINGERPRINT
    for table, rows in counts.items():
        name = table.partition(".")[2]
        place = table.replace("marts.", "marts.main.", 1) if is_file else table
        cursor.execute(fingerprint.format(place=place, name=name))
        found, told = cursor.fetchone()
        if (found, str(told)) != (rows, hashes[table]):
            seen.mixtures.append(f"{table} of generation {number}")
    seen.looks += 1
    if not seen.generations or seen.generations[-1] != number:
        seen.generations.append(number)
