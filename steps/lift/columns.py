"""Tables from computed columns."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa


def table_of(
    columns: Mapping[str, np.ndarray | pa.Array | pa.ChunkedArray | Sequence[str]],
    schema: pa.Schema,
) -> pa.Table:
    """Return the columns of a schema; NaN, which is what is not defined, as null."""
    arrays = [
        pa.array(columns[field.name], from_pandas=True).cast(field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
