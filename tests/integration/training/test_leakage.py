"""What happens after a row changes nothing in it, but its label."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import REPOSITORY
from tests.integration.conftest import DBT, Warehouse
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
            select count(*) from {{ ref('int_ai_activity') }} as activity
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


@pytest.fixture
def leaky_project(tmp_path: Path) -> Path:
    """A copy of the project with one feature that looks an hour ahead."""
    project = tmp_path / "project"
    for name in ("macros", "models", "seeds", "snapshots", "tests"):
        shutil.copytree(
            REPOSITORY / name, project / name, ignore=shutil.ignore_patterns("*.py")
        )
    shutil.copy(REPOSITORY / "dbt_project.yml", project)
    model = project / "models" / "ai" / "ai_churn.sql"
    sql = model.read_text(encoding="utf-8")
    assert HONEST in sql
    model.write_text(sql.replace(HONEST, LEAKY), encoding="utf-8")
    return project


def test_a_feature_that_looks_an_hour_ahead_is_caught(
    leaky_project: Path, told: Warehouse, later: Warehouse, copy_of: Callable
) -> None:
    found = []
    for world in (told, later):
        copy = copy_of(world)
        copy.run(
            *(DBT, "run", "--quiet", "--select", "ai_churn"),
            *("--project-dir", str(leaky_project)),
        )
        found.append(known(copy, "ai_churn", INSTANT))
    assert found[0] != found[1]


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
