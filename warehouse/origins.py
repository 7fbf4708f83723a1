"""What a warehouse holds: demo or real data, and hashed with which key."""

import hashlib
import hmac

from adbc_driver_manager.dbapi import Connection

from warehouse.errors import UserError
from warehouse.settings import DEMO_HASH_KEY, Settings
from warehouse.tables import denial_explained, existing_tables


def check_origin(
    connection: Connection, sources: list[str], data_origin: str, hash_key_id: str
) -> None:
    """Refuse to mix demo and real data, or two keys, in one warehouse.

    Raises:
        UserError: the warehouse holds data of the other kind or hashed otherwise.
    """
    for found_origin, found_key in read_origins(connection, sources):
        if found_origin != data_origin:
            raise UserError(
                f"the warehouse holds {found_origin} data and takes no "
                f"{data_origin} data: point WAREHOUSE_URL at another one, or "
                "delete this one"
            )
        if found_key != hash_key_id:
            raise UserError(
                "PII_HASH_KEY is not the key this warehouse was loaded with, "
                "and would split every person in two: restore that key, or "
                "load into a new warehouse"
            )


def read_origins(connection: Connection, sources: list[str]) -> set[tuple[str, str]]:
    """Return what kinds of data were loaded from sources, each with its hash_key_id."""
    ledgers = {f"staging_{source}._loads" for source in sources}
    origins = set()
    for name in ledgers & existing_tables(connection):
        with (
            denial_explained(connection, "read what was loaded"),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"select distinct data_origin, hash_key_id from {name}")
            origins.update(cursor.fetchall())
    return origins


def key_of_loads(origins: set[tuple[str, str]], settings: Settings) -> str:
    """Return the key that the ids of the warehouse were hashed with.

    Args:
        origins: What `read_origins` returns of the warehouse.
        settings: Those that have the key.

    Raises:
        UserError: nothing was loaded, or PII_HASH_KEY is not that key.
    """
    if not origins:
        raise UserError("the warehouse holds no data: run `make load` first")
    # loads mix neither demo and real data nor two keys
    ((data_origin, key_id),) = origins
    is_demo = data_origin == "demo"
    hash_key = DEMO_HASH_KEY if is_demo else settings.pii_hash_key
    if hash_key is None or hash_key_id(hash_key) != key_id:
        raise UserError(
            "PII_HASH_KEY is not the key this warehouse was loaded with: set that key"
        )
    return hash_key


def hash_key_id(hash_key: str) -> str:
    """Return a name for a key that tells nothing about it."""
    text = b"the key of the growth warehouse"
    return hmac.new(hash_key.encode(), text, hashlib.sha256).hexdigest()[:16]
