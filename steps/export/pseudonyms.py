"""Pseudonyms: every consumer gets a user_key of its own, so two cannot join theirs."""

import hmac

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from warehouse.errors import UserError
from warehouse.origins import hash_key_id, read_origins
from warehouse.settings import DEMO_HASH_KEY, SOURCE_VARIABLES, Settings


def consumer_key(connection: Connection, settings: Settings, consumer: str) -> bytes:
    """Derive the key of a consumer from the one the warehouse was loaded with.

    Raises:
        UserError: nothing was loaded, or PII_HASH_KEY is not that key.
    """
    origins = read_origins(connection, list(SOURCE_VARIABLES))
    if not origins:
        raise UserError("the warehouse holds no data: run `make load` first")
    # loads mix neither demo and real data nor two keys
    ((data_origin, key_id),) = origins
    is_demo = data_origin == "demo"
    hash_key = DEMO_HASH_KEY if is_demo else settings.pii_hash_key
    if hash_key is None or hash_key_id(hash_key) != key_id:
        raise UserError(
            "PII_HASH_KEY is not the key this warehouse was loaded with, which the "
            "pseudonyms of an export are made with: set that key"
        )
    return hmac.digest(hash_key.encode(), f"export for {consumer}".encode(), "sha256")


def pseudonyms(user_keys: pa.Array, key: bytes) -> pa.Array:
    """Replace user keys by what they are called for a consumer."""
    encoded = user_keys.dictionary_encode()
    names = [
        hmac.digest(key, user_key.encode(), "sha256").hex()
        for user_key in encoded.dictionary.to_pylist()
    ]
    return pa.array(names, pa.string()).take(encoded.indices)
