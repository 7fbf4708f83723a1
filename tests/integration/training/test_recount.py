"""pandas finds the same training rows, on both engines."""

import hashlib

import pandas as pd
import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import Warehouse
from tests.integration.training.datasets import KEYS, read
from tests.integration.training.expected import activation, churn, engagement
from tests.integration.training.expected_pushes import push_response
from tests.integration.training.expected_returns import returns
from tests.integration.training.recount import read_facts

RECOUNTS = {
    "ai_activation": lambda warehouse: activation(read_facts(warehouse)),
    "ai_engagement": lambda warehouse: engagement(read_facts(warehouse)),
    "ai_churn": lambda warehouse: churn(read_facts(warehouse)),
    "ai_push_response": push_response,
    "ai_return": returns,
}
# checked one by one below
ELSEWHERE = {
    *("split", "dataset_version", "platform"),
    *("profile_completion_score", "has_profile", "has_experience", "has_education"),
}


@pytest.fixture(params=ENGINES)
def warehouse(
    request: pytest.FixtureRequest, warehouses: dict[str, Warehouse]
) -> Warehouse:
    """A warehouse of each engine, that of DuckDB with the profiles of the past."""
    if request.param == "duckdb":
        return request.getfixturevalue("told")
    return warehouses[request.param]


@pytest.mark.parametrize("dataset", KEYS)
def test_rows_features_and_labels_equal_a_recount(
    dataset: str, warehouse: Warehouse
) -> None:
    rows = read(warehouse, dataset)
    columns = [column for column in rows if column not in ELSEWHERE]
    expected = RECOUNTS[dataset](warehouse).sort_values(KEYS[dataset])
    assert len(rows) > 20
    pd.testing.assert_frame_equal(
        rows[columns],
        expected[columns].reset_index(drop=True),
        check_dtype=False,
        rtol=1e-12,
    )


def test_profiles_are_those_of_their_day(warehouse: Warehouse) -> None:
    rows = read(warehouse, "ai_activation")
    versions = warehouse.table("select * from intermediate.int_profile_scores")
    scores = versions.to_pandas()
    loads = warehouse.table(
        "select finished_at as loaded_at from staging.stg_loader__loads "
        "where source_name = 'chemlink' and table_name = 'persons' order by 1"
    ).to_pandas()
    found = (
        pd.merge_asof(
            rows[["user_key", "as_of_at"]].reset_index().sort_values("as_of_at"),
            scores.sort_values("valid_from_at"),
            left_on="as_of_at",
            right_on="valid_from_at",
            by="user_key",
            allow_exact_matches=False,
        )
        .set_index("index")
        .sort_index()
    )
    last_load = pd.merge_asof(
        rows[["as_of_at"]].reset_index().sort_values("as_of_at"),
        loads,
        left_on="as_of_at",
        right_on="loaded_at",
    ).set_index("index")
    is_told = found.is_known.eq(True) & (
        last_load.as_of_at - last_load.loaded_at <= pd.Timedelta(days=1)
    )
    assert (rows.has_profile == found.valid_from_at.notna()).all()
    assert 0 < rows.has_profile.sum() < len(rows)
    for column in ("has_experience", "has_education"):
        assert (rows[column] == found[column].eq(True)).all()
    pd.testing.assert_series_equal(
        rows.profile_completion_score,
        found.profile_completion_score.where(is_told),
        check_dtype=False,
        check_names=False,
    )


def test_profiles_of_the_past_are_known(told: Warehouse) -> None:
    scores = read(told, "ai_activation").profile_completion_score
    assert scores.nunique() > 3


def test_platform_is_where_most_events_came_from(warehouse: Warehouse) -> None:
    rows = read(warehouse, "ai_activation")
    events = warehouse.table(
        "select user_key, identified.occurred_at, operating_system, library "
        "from intermediate.int_events_identified as identified "
        "inner join staging.stg_posthog__events as events "
        "on identified.event_id = cast(events.event_id as text)"
    ).to_pandas()
    names = {"iOS": "ios", "Android": "android"}
    events["platform"] = events.operating_system.map(names)
    events.loc[events.library == "web", "platform"] = "web"
    pairs = rows[["user_key", "as_of_at"]].merge(events, on="user_key")
    pairs = pairs[pairs.occurred_at < pairs.as_of_at]
    often = pairs.groupby(["user_key", "platform"]).size().reset_index(name="events")
    best = often.sort_values(["events", "platform"], ascending=[False, True])
    best = best.drop_duplicates("user_key").set_index("user_key").platform
    expected = best.reindex(rows.user_key).fillna("unknown")
    assert rows.platform.tolist() == expected.tolist()
    assert set(rows.platform) == {"ios", "android", "web", "unknown"}


@pytest.mark.parametrize("dataset", KEYS)
def test_split_and_version_follow_from_the_key_and_the_day(
    dataset: str, warehouse: Warehouse
) -> None:
    rows = read(warehouse, dataset)
    assert rows.split.tolist() == [split_of(key) for key in rows.user_key]
    [now] = warehouse.rows("select distinct as_of from core.dim_source_systems")
    [seeded] = warehouse.rows(
        f"select version from seeds.ai_datasets where dataset = '{dataset}'"
    )
    expected = f"{seeded['version']}-{now['as_of']:%Y%m%d}"
    assert set(rows.dataset_version) == {expected}


def split_of(key: str) -> str:
    """Find the split of a key with another md5."""
    drawn = int(hashlib.md5(f"{key}:split".encode()).hexdigest()[:8], 16)  # noqa: S324
    share = drawn / 16**8
    return "train" if share < 0.8 else "validation" if share < 0.9 else "test"
