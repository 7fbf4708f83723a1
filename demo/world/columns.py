"""Arrow columns from NumPy arrays."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def timestamps(at: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """Return instants (microseconds since 1970) as UTC timestamps."""
    return pa.array(
        at.astype("datetime64[us]"), pa.timestamp("us", "UTC"), mask=missing
    )


def joined(*parts: pa.Array | str) -> pa.Array:
    """Concatenate texts row by row; a plain string is the same in every row."""
    return pc.binary_join_element_wise(*parts, "")


def picked(values: Sequence[str | None], indices: np.ndarray) -> pa.Array:
    """Return the text at each index."""
    return pa.array(values, pa.string()).take(pa.array(indices))


def chosen(
    rng: np.random.Generator, values: Sequence[str | None], count: int
) -> pa.Array:
    """Draw one of the texts for each row."""
    return picked(values, rng.integers(0, len(values), count))


def blanked(values: pa.Array, missing: np.ndarray) -> pa.Array:
    """Return the values with NULL where `missing` is true."""
    return pc.if_else(pa.array(missing), pa.scalar(None, values.type), values)


def iso(at: int) -> str:
    """Write an instant as JSON documents do, in UTC."""
    return str(np.datetime64(at, "us")) + "Z"
