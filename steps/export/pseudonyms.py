"""Pseudonyms: every consumer gets a user_key of its own, so two cannot join theirs."""

import hmac

import pyarrow as pa

from warehouse.origins import key_of_loads
from warehouse.settings import Settings


def consumer_key(
    origins: set[tuple[str, str]], settings: Settings, consumer: str
) -> bytes:
    """Derive the key of a consumer from the one the warehouse was loaded with.

    Raises:
        UserError: nothing was loaded, or PII_HASH_KEY is not that key.
    """
    hash_key = key_of_loads(origins, settings)
    return hmac.digest(hash_key.encode(), f"export for {consumer}".encode(), "sha256")


def pseudonyms(user_keys: pa.Array, key: bytes) -> pa.Array:
    """Replace user keys by what they are called for a consumer."""
    encoded = user_keys.dictionary_encode()
    names = [
        hmac.digest(key, user_key.encode(), "sha256").hex()
        for user_key in encoded.dictionary.to_pylist()
    ]
    return pa.array(names, pa.string()).take(encoded.indices)
