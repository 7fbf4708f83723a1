"""What happens after a row changes nothing in it, but its label."""

from collections.abc import Callable

import pandas as pd
import pytest

from tests.integration.conftest import Warehouse
from tests.integration.training.conftest import INSTANT
from tests.integration.training.datasets import KEYS, columns_of, known, read

HORIZONS = {
    "ai_activation": pd.Timedelta(days=30),
    "ai_engagement": pd.Timedelta(days=60),
    "ai_churn": pd.Timedelta(days=60),
    "ai_push_response": pd.Timedelta(hours=48),
    "ai_return": pd.Timedelta(days=24),
}
HONEST = "cast(counted.messages_30_days as bigint) as messages_30_days"
LEAKY = """
        (
            select count(*) from intermediate.int_ai_activity as activity
            where
                activity.user_key = counted.user_key
                and activity.occurred_at
                < month_ends.as_of_at + interval '1 hour'
        ) as messages_30_days
"""


@pytest.mark.parametrize("dataset", KEYS)
def test_what_happens_later_changes_no_feature(
    dataset: str, told: Warehouse, later: Warehouse
) -> None:
    assert known(told, dataset, INSTANT) == known(later, dataset, INSTANT)


@pytest.mark.parametrize("dataset", KEYS)
def test_what_happens_later_changes_labels(
    dataset: str, told: Warehouse, later: Warehouse
) -> None:
    labels = columns_of(dataset, "label")
    rows, other_rows = (read(world, dataset) for world in (told, later))
    assert not rows[labels].equals(other_rows[labels])


def test_a_feature_that_looks_an_hour_ahead_is_caught(
    told: Warehouse, later: Warehouse, copy_of: Callable
) -> None:
    (path,) = told.folder.glob("target/compiled/**/ai_churn.sql")
    sql = path.read_text(encoding="utf-8")
    assert HONEST in sql
    leaky = f"create or replace table ai.ai_churn as {sql.replace(HONEST, LEAKY)}"
    one, other = (copy_of(world, leaky) for world in (told, later))
    assert known(one, "ai_churn", INSTANT) != known(other, "ai_churn", INSTANT)


@pytest.mark.parametrize("dataset", KEYS)
def test_a_row_appears_when_its_horizon_is_over_and_stays(
    dataset: str, told: Warehouse, earlier: Warehouse, end_of_horizon: pd.Timestamp
) -> None:
    rows, earlier_rows = (
        read(world, dataset).drop(columns="dataset_version")
        for world in (told, earlier)
    )
    due = rows[rows.as_of_at + HORIZONS[dataset] <= end_of_horizon]
    assert 0 < len(due) < len(rows)
    still_there = earlier_rows[earlier_rows.user_key.isin(rows.user_key)]
    pd.testing.assert_frame_equal(
        due.reset_index(drop=True), still_there.reset_index(drop=True)
    )


def test_a_row_is_there_at_the_very_end_of_its_horizon(
    earlier: Warehouse, end_of_horizon: pd.Timestamp
) -> None:
    ends = read(earlier, "ai_activation").as_of_at + pd.Timedelta(days=30)
    assert ends.max() == end_of_horizon
