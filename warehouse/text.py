"""Other people's text: the form in which it lands, and the one a terminal may show."""

import re
import unicodedata

import pyarrow as pa

LINE_BREAKS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
# Controls, what turns the direction of writing, what has no width, what XML forbids.
# Joiners stay: Persian words and emoji are written with them.
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
EDGES = re.compile(r"^[\s\u200c\u200d]+|[\s\u200c\u200d]+$")


def clean(text: str) -> str | None:
    """Return a text in one line, as everybody sees it; None if nothing is to be seen.

    It is in Unicode's form NFC, without control and direction characters, and without
    white space at its ends, of whichever kind.
    """
    if text.isascii() and text.isprintable():
        return text.strip() or None
    line = UNSEEN.sub("", LINE_BREAKS.sub(" ", text))
    return EDGES.sub("", unicodedata.normalize("NFC", line)) or None


def cleaned(values: pa.ChunkedArray) -> pa.Array:
    """Return each text clean; NULL stays NULL."""
    encoded = values.combine_chunks().cast(pa.string()).dictionary_encode()
    texts = [clean(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)


def printable(text: str) -> str:
    """Return a text as a terminal may show it: what it would obey is spelled out."""
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape").decode()
        for character in text
    )
