"""What becomes of a personal value before anything is written: hash or scrub."""

import hashlib
import hmac
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

# In this order: an address can stand in a link, and a link can hold a long number.
# Rather too much than too little: a date or a chemical's number of seven digits or more
# goes as well.
SCRUBBED = {
    "[email]": r"[\pL\pM\pN._%+'-]+@[\pL\pM\pN-]+(\.[\pL\pM\pN-]+)*",
    "[link]": (
        r"(?i)\b(([a-z][a-z0-9+.-]*://|www\.)[^\s<>\"]+"
        r"|([\pL\pN-]+\.)+\pL{2,}/[^\s<>\"]*)"
    ),
    "[phone]": r"\+?\(?\p{Nd}([\s\p{Zs}()./\p{Pd}]{0,3}\p{Nd}){6,}",
}


def hashed(values: pa.ChunkedArray, hash_key: str) -> pa.Array:
    """Return the keyed hash of each value: HMAC-SHA-256 (RFC 2104) in hex.

    Values are trimmed, lower-cased and in Unicode's form NFC first, so one person's
    e-mail address hashes alike in every source. NULL stays NULL, and so does an empty
    value.
    """
    encoded = values.combine_chunks().cast(pa.string()).dictionary_encode()
    digests = pa.array(
        [_digest(value, hash_key) for value in encoded.dictionary.to_pylist()],
        pa.string(),
    )
    return digests.take(encoded.indices)


def domains(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the domain of each e-mail address, NULL where there is none."""
    values = values.cast(pa.string())
    after_at = pc.replace_substring_regex(values, r"(?s)^.*@", "")
    return pc.if_else(pc.match_substring(values, "@"), after_at, None)


def scrubbed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return each text with its e-mail addresses, links and phone numbers masked.

    Names of people cannot be told from other words, so they stay.
    """
    values = values.cast(pa.string())
    for mask, pattern in SCRUBBED.items():
        values = pc.replace_substring_regex(values, pattern, mask)
    return values


def _digest(value: str, hash_key: str) -> str | None:
    normal = unicodedata.normalize("NFC", value.strip().lower())
    if not normal:
        return None
    return hmac.new(hash_key.encode(), normal.encode(), hashlib.sha256).hexdigest()
