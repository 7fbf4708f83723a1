"""Texts that are not, or not all, in UTF-8: decoded so that no byte stops a table."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decoder:
    """Decodes the columns of bytes in Arrow tables.

    Attributes:
        codec: what Python calls the encoding; None: there is nothing to decode.
        replaced: how many texts of each column had bytes that are no text.
    """

    codec: str | None
    replaced: Counter[str] = field(default_factory=Counter)

    def decoded(self, rows: pa.Table) -> pa.Table:
        """Return the rows as text; U+FFFD stands for bytes that are none."""
        if not self.codec:
            return rows
        return pa.table(
            {
                name: self._text(name, rows[name])
                if pa.types.is_binary(rows[name].type)
                else rows[name]
                for name in rows.column_names
            }
        )

    def decoded_reader(self, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
        """Return a reader of the same rows as text."""
        if not self.codec:
            return reader

        def batches() -> Iterator[pa.RecordBatch]:
            for batch in reader:
                yield from self.decoded(pa.table(batch)).to_batches()

        schema = self.decoded(reader.schema.empty_table()).schema
        return pa.RecordBatchReader.from_batches(schema, batches())

    def tell(self, where: str) -> None:
        """Tell how many texts were not as they should be."""
        for name, count in sorted(self.replaced.items()):
            logger.warning(
                "%s: %d values of %s have bytes that are no text, U+FFFD stands for "
                "them",
                *(where, count, name),
            )

    def _text(self, name: str, values: pa.ChunkedArray) -> pa.Array:
        encoded = values.combine_chunks().dictionary_encode()
        texts, is_replaced = [], []
        for content in encoded.dictionary.to_pylist():
            try:
                texts.append(content.decode(self.codec))
                is_replaced.append(False)
            except UnicodeDecodeError:
                texts.append(content.decode(self.codec, "replace"))
                is_replaced.append(True)
        flags = pa.array(is_replaced, pa.bool_()).take(encoded.indices)
        if flags.true_count:
            self.replaced[name] += flags.true_count
        return pa.array(texts, pa.string()).take(encoded.indices)


def valid(rows: pa.Table, where: str) -> pa.Table:
    """Return the rows with U+FFFD for bytes that are no text, and tell of them."""
    try:
        rows.validate(full=True)
    except pa.ArrowInvalid:
        fields = [
            field.with_type(pa.binary()) if pa.types.is_string(field.type) else field
            for field in rows.schema
        ]
        decoder = Decoder("utf-8")
        rows = decoder.decoded(rows.cast(pa.schema(fields)))
        decoder.tell(where)
    return rows
