"""Splits are fair, and one expression of the macro makes them on every engine."""

from collections.abc import Callable

import pytest
from jinja2 import Environment

from tests.conftest import ENGINES, REPOSITORY, query
from tests.integration.training.test_recount import split_of

KEYS = 50_000


@pytest.mark.parametrize("engine", ENGINES)
def test_one_key_in_ten_is_for_validation_and_one_for_testing(
    engine: str, new_warehouse: Callable
) -> None:
    source = (REPOSITORY / "macros" / "dataset_split.sql").read_text(encoding="utf-8")
    expression = Environment().from_string(source).module.dataset_split("user_key")  # noqa: S701
    splits = dict(
        query(
            new_warehouse(engine),
            f"select user_key, {expression} from (select cast(number as text) as "
            f"user_key from generate_series(1, {KEYS}) as numbers (number)) as keys",
        )
    )
    assert len(splits) == KEYS
    assert all(split_of(key) == split for key, split in splits.items())
    found = [list(splits.values()).count(name) / KEYS for name in ("train", "test")]
    assert found == pytest.approx([0.8, 0.1], abs=0.005)
