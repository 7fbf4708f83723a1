"""The cap of a count, by hand."""

import numpy as np
import pytest

from lift_statistics import cap_level


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        ([0, 0, 1, 1, 2], 2),
        (list(range(1, 41)), 38),
        ([1] * 19 + [100], 1),
        ([3, 3, 3, 50], 50),
        ([0, 0], 1),
        ([], 1),
    ],
)
def test_by_hand(counts: list[int], level: int) -> None:
    """The count at place floor(n / 20), from the largest, of those who are active."""
    values = np.array(counts, dtype=int)
    assert cap_level(values, np.ones(len(values), int), 0.05) == level
    if counts:
        different, users = np.unique(values, return_counts=True)
        assert cap_level(different, users, 0.05) == level
