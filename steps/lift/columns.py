"""Tables from computed columns."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa


def table_of(
    columns: Mapping[str, np.ndarray | pa.Array | pa.ChunkedArray | Sequence[str]],
) -> pa.Table:
    """Return the columns as a table; NaN, which is what is not defined, as null."""
    return pa.table(
        {
            name: values
            if isinstance(values, pa.Array | pa.ChunkedArray)
            else pa.array(values, from_pandas=True)
            for name, values in columns.items()
        }
    )


def beside(first: pa.Table, second: pa.Table) -> pa.Table:
    """Return the columns of both tables, whose rows are those of the same things."""
    columns = [*zip(first.column_names, first.columns, strict=True)]
    columns += zip(second.column_names, second.columns, strict=True)
    return pa.table(dict(columns))
