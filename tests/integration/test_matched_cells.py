from collections.abc import Callable
from datetime import timedelta

import pyarrow as pa
import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import Warehouse
from tests.integration.matched_brute_force.cells import matched_cells
from tests.integration.matched_brute_force.people import read_people

METRICS = ["sessions", "closet_adds"]
CELLS = """
    select
        metric, arm, weeks_before, support_cell, post_count, first_day_count,
        baseline_rate, week_count, day_count, long_rate, user_count,
        activity_week_sum, later_push_count, diluted_seconds, recency_sum,
        recency_squares
    from intermediate.int_push_matched_cells
    where campaign_key = '{}' and metric in ('sessions', 'closet_adds')
"""
COMPARED = """
    select * from intermediate.int_push_matched_cells
    order by campaign_key, metric, arm, weeks_before, support_cell, post_count,
        first_day_count, baseline_rate, week_count, day_count, long_rate
"""
LATE_VIEWS = """
    insert into staging_posthog.events by name
    select * replace (
        uuid() as uuid,
        cast(null as text) as session_id,
        timestamptz '{pushed_at}' as timestamp
    )
    from (
        select * from staging_posthog.events
        where event = '$pageview' order by uuid limit 40
    )
"""
BETWEEN = "int_push_campaign_inputs+,+int_push_matched_cells"
OUTDATED = "has the columns of another version"
DUE = "select * from intermediate.int_push_campaign_inputs where is_due"
RUN = ("dbt", "run", "--quiet", "--select", BETWEEN)
ALL_BEFORE = ("dbt", "run", "--quiet", "--select", "+int_push_matched_cells")


def assert_cells_equal_a_count(warehouse: Warehouse, rolling_hours: int) -> None:
    """Compare the largest campaign, the smallest, and the one that took longest."""
    people = read_people(warehouse)
    campaigns = warehouse.rows(
        "select campaign_key, dim_campaigns.sent_at, last_sent_at, "
        "count(*) as recipients "
        "from core.fct_push_recipients inner join core.dim_campaigns "
        "using (campaign_key) where is_included and not is_test "
        "group by 1, 2, 3 order by 4 desc, 1"
    )
    durations = {
        row["campaign_key"]: row["last_sent_at"] - row["sent_at"] for row in campaigns
    }
    longest = max(campaigns, key=lambda row: durations[row["campaign_key"]])
    assert durations[longest["campaign_key"]] > timedelta(hours=1)
    for campaign in (campaigns[0], campaigns[-1], longest):
        key = campaign["campaign_key"]
        recipients = warehouse.rows(
            "select user_key, sent_at, is_included from core.fct_push_recipients "
            f"where campaign_key = '{key}'"
        )
        expected = matched_cells(
            people,
            key,
            [row["user_key"] for row in recipients if row["is_included"]],
            {row["user_key"]: row["sent_at"] for row in recipients},
            METRICS,
            is_rolling=durations[key] > timedelta(hours=rolling_hours),
        )
        cells = warehouse.rows(CELLS.format(key))
        counted = {tuple(row.values())[:10]: tuple(row.values())[10:] for row in cells}
        assert len(counted) == len(cells)
        assert counted == expected


def test_cells_equal_a_count_person_by_person(
    warehouses: dict[str, Warehouse],
) -> None:
    assert_cells_equal_a_count(warehouses["duckdb"], 3)


@pytest.fixture
def copied(copy: Callable) -> Warehouse:
    """A warehouse of one's own, equal to the shared one."""
    return copy("duckdb")


def test_not_yet_sent_to_is_a_control_where_sends_roll(copied: Warehouse) -> None:
    copied.execute("update seeds.push_parameters set rolling_hours = 0")
    copied.run(*RUN)
    assert_cells_equal_a_count(copied, 0)
    (diluted,) = copied.rows(
        "select sum(diluted_seconds) as seconds "
        "from intermediate.int_push_matched_cells"
    )
    assert diluted["seconds"] > 0


def cells_of(warehouse: Warehouse) -> pa.Table:
    return warehouse.table(COMPARED)


def test_late_events_change_their_campaigns_and_no_others(copied: Warehouse) -> None:
    before = cells_of(copied)
    (window,) = copied.rows(
        "select cast(max(sent_at) - interval '1 hour' as text) as pushed_at "
        "from core.dim_campaigns where not is_test"
    )
    copied.execute(LATE_VIEWS.format(**window))
    # a run that stops before the cells leaves no trace in the next
    copied.run(*ALL_BEFORE, "--exclude", "int_push_matched_cells")
    copied.run(*RUN)
    due = copied.rows(DUE)
    incremental = cells_of(copied)
    assert 0 < len(due) < len(set(before["campaign_key"].to_pylist()))
    assert incremental != before
    copied.execute("drop table intermediate.int_push_matched_cells")
    copied.run(*RUN)
    assert cells_of(copied) == incremental
    copied.run(*RUN)
    assert not copied.rows(DUE)
    assert cells_of(copied) == incremental


def test_only_a_full_refresh_computes_cells_of_the_same_input_anew(
    copied: Warehouse,
) -> None:
    before = cells_of(copied)
    copied.execute(
        "update intermediate.int_push_matched_cells set user_count = user_count + 1"
    )
    changed = cells_of(copied)
    copied.run(*RUN)
    assert cells_of(copied) == changed
    copied.run(*RUN, "--full-refresh", "--exclude", "int_push_matched_cells")
    assert cells_of(copied) == changed
    copied.run(*RUN, "--full-refresh")
    assert cells_of(copied) == before


@pytest.mark.parametrize("engine", ENGINES)
def test_cells_that_two_runs_wrote_are_computed_anew(
    engine: str, copy: Callable
) -> None:
    warehouse = copy(engine)
    before = cells_of(warehouse)
    cells = "intermediate.int_push_matched_cells"
    first, last = (
        f"(select {which}(campaign_key) from {cells})" for which in ("min", "max")
    )
    warehouse.execute(
        f"insert into {cells} select * from {cells} where campaign_key = {first}",
        f"update {cells} set input_digest = 'of older data' "
        f"where campaign_key = {last} and support_cell >= 0",
    )
    warehouse.run(*RUN)
    assert len(warehouse.rows(DUE)) == 2
    assert cells_of(warehouse) == before


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_of_an_older_version_are_computed_anew(
    engine: str, copy: Callable
) -> None:
    warehouse = copy(engine)
    before = cells_of(warehouse)
    warehouse.execute(
        "alter table intermediate.int_push_matched_cells "
        "rename column input_digest to digest",
        "alter table intermediate.int_push_matched_cells "
        "alter column support_cell type text",
        "alter table lift.adjusted_lift drop column adjusted_q cascade",
    )
    told = warehouse.run(*RUN)
    for name in ("intermediate.int_push_matched_cells", "lift.adjusted_lift"):
        assert f"{name} {OUTDATED}" in told
    assert told.count(OUTDATED) == 2
    assert cells_of(warehouse) == before
    assert warehouse.rows("select adjusted_q from lift.adjusted_lift") == []
    assert OUTDATED not in warehouse.run(*RUN)
    assert cells_of(warehouse) == before
