"""Pseudo-pushes go to people who got no push, and the method runs on them."""

from concurrent.futures import Executor
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from calibration.cells import world_tables
from calibration.core_tables import Tables
from calibration.method import Method
from calibration.own_warehouse import read_core_tables
from calibration.pseudo_pushes import choose_pseudo_sends, measure_pseudo_pushes
from calibration.scenarios import SCENARIOS
from calibration.world import MEASURED
from calibration.worlds import draw_world
from tests.steps.warehouses import write_tables

QUIET = timedelta(hours=48)
ALPHA = 0.05


@pytest.fixture(scope="module")
def warehouse() -> Tables:
    """The core tables of a world, as if they were somebody's warehouse."""
    scenario = SCENARIOS["lapsed for a week, 300 recipients"]
    tables = world_tables(draw_world(scenario, [9]))
    is_session = pc.field("activity_type") == "sessions"
    return tables | {
        "core.fct_user_activity": tables["core.fct_user_activity"].filter(is_session),
        "seeds.push_metrics": pa.table({"metric": ["sessions"]}),
    }


@pytest.fixture(scope="module")
def pseudo_sends(method: Method, warehouse: Tables) -> dict[str, pa.Table]:
    """The pseudo-pushes by audience."""
    return choose_pseudo_sends(method, warehouse)


def pushes_by_user(warehouse: Tables) -> dict[str, dict[str, datetime]]:
    """Return when each user got the real push of each campaign."""
    pushes: dict[str, dict[str, datetime]] = {}
    for row in warehouse["intermediate.int_campaign_sends"].to_pylist():
        pushes.setdefault(row["user_key"], {})[row["campaign_key"]] = row["sent_at"]
    return pushes


def test_pseudo_recipients_could_be_pushed_and_got_nothing(
    warehouse: Tables, pseudo_sends: dict[str, pa.Table]
) -> None:
    pushes = pushes_by_user(warehouse)
    for sends in pseudo_sends.values():
        assert sends.num_rows > 100
        for row in sends.to_pylist():
            real = pushes[row["user_key"]].values()
            assert min(real) < row["sent_at"]
            since = [row["sent_at"] - at for at in real]
            assert not any(timedelta(0) < quiet < QUIET for quiet in since)


def test_pseudo_pushes_are_whole_weeks_before_the_hour_of_the_campaign(
    warehouse: Tables, pseudo_sends: dict[str, pa.Table]
) -> None:
    sent_at = min(
        pushes[MEASURED]
        for pushes in pushes_by_user(warehouse).values()
        if MEASURED in pushes
    ).replace(minute=0, second=0, microsecond=0)
    for sends in pseudo_sends.values():
        dates = {row["campaign_key"]: row["sent_at"] for row in sends.to_pylist()}
        assert dates == {
            f"{MEASURED} {weeks}": sent_at - timedelta(weeks=weeks) for weeks in (1, 2)
        }


def test_one_audience_is_random_and_one_behaves_like_the_campaigns(
    warehouse: Tables, pseudo_sends: dict[str, pa.Table]
) -> None:
    """The real audience did nothing for a week."""
    sessions = warehouse["core.fct_user_activity"].to_pylist()
    active_share = {}
    for audience, sends in pseudo_sends.items():
        chosen = {
            row["user_key"]: row["sent_at"]
            for row in sends.to_pylist()
            if row["campaign_key"] == f"{MEASURED} 1"
        }
        active = {
            row["user_key"]
            for row in sessions
            if row["user_key"] in chosen
            and timedelta(0)
            < chosen[row["user_key"]] - row["occurred_at"]
            < timedelta(days=6)
        }
        active_share[audience] = len(active) / len(chosen)
    assert active_share["random half"] > 0.3
    assert active_share["like the campaign's"] < 0.05


def test_the_choice_is_always_the_same(
    method: Method, warehouse: Tables, pseudo_sends: dict[str, pa.Table]
) -> None:
    assert choose_pseudo_sends(method, warehouse) == pseudo_sends


@pytest.mark.slow
def test_only_the_observed_test_finds_what_is_not_there(
    executor: Executor, method: Method, warehouse: Tables
) -> None:
    found = dict(measure_pseudo_pushes(executor, method, warehouse))
    assert all(row["observed_p"] <= ALPHA for row in found["like the campaign's"])
    tested = [row["adjusted_p"] for rows in found.values() for row in rows]
    assert len(tested) == 4
    # at a rate of 5 % there are two by chance in one of seventy cases
    assert sum(p <= ALPHA for p in tested) <= 1


def test_a_warehouse_is_read_as_it_is(warehouse: Tables, tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    assert read_core_tables(url) is None
    sends = warehouse["intermediate.int_campaign_sends"]
    other_activity = pa.table({"activity_type": ["login"]})
    activity = pa.concat_tables(
        [warehouse["core.fct_user_activity"], other_activity], promote_options="default"
    )
    built = {"core.fct_notifications": sends, "core.fct_user_activity": activity}
    write_tables(url, warehouse | built)
    found = read_core_tables(url)
    names = ("intermediate.int_campaign_sends", "core.dim_users", "core.dim_campaigns")
    for name in names:
        assert found[name].to_pylist() == warehouse[name].to_pylist()
    assert len(found["core.fct_user_activity"]) == len(activity) - 1
