from collections.abc import Callable
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import Warehouse
from tests.integration.matched_brute_force import matched_cells, read_people

CELLS = """
    select
        metric, arm, send_hour_at, weeks_before, stratum, post_count, baseline_rate,
        matched_rate, week_count, day_count, long_rate, user_count, recency_sum
    from intermediate.int_push_matched_cells
    where campaign_key = '{}'
"""
COMPARED = """
    select * from intermediate.int_push_matched_cells
    order by campaign_key, metric, arm, send_hour_at, weeks_before, stratum,
        post_count, baseline_rate, matched_rate, week_count, day_count, long_rate
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
RUN = ("dbt", "run", "--quiet", "--select", "+int_push_matched_cells")


def test_cells_equal_a_count_person_by_person(
    warehouses: dict[str, Warehouse],
) -> None:
    warehouse = warehouses["duckdb"]
    people = read_people(warehouse)
    campaigns = warehouse.rows(
        "select campaign_key, count(*) as recipients, count(distinct date_trunc("
        "'hour', fct_push_recipients.sent_at)) as hours "
        "from core.fct_push_recipients inner join core.dim_campaigns "
        "using (campaign_key) where is_included and not is_test "
        "group by 1 order by 2 desc, 1"
    )
    longest = max(campaigns, key=itemgetter("hours"))
    assert longest["hours"] > 1
    # the largest, the smallest, and one whose controls are there at several hours
    for campaign in (campaigns[0], campaigns[-1], longest):
        key = campaign["campaign_key"]
        recipients = warehouse.rows(
            "select user_key, sent_at from core.fct_push_recipients "
            f"where is_included and campaign_key = '{key}'"
        )
        expected = matched_cells(people, key, recipients, ["sessions", "closet_adds"])
        counted = {}
        for row in warehouse.rows(CELLS.format(key)):
            if row["metric"] in ("sessions", "closet_adds"):
                *cell, users, recency = row.values()
                counted[tuple(cell)] = users
                counted[*cell, "recency"] = recency
        assert counted == expected


@pytest.fixture
def copied(
    warehouses: dict[str, Warehouse], new_database: Callable, tmp_path: Path
) -> Warehouse:
    """A warehouse of one's own, equal to the shared one."""
    return warehouses["duckdb"].copy(tmp_path, new_database)


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
    copied.run(*RUN, "--exclude", "int_push_matched_cells")
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
    run = ("dbt", "run", "--quiet", "--select", BETWEEN)
    copied.run(*run)
    assert cells_of(copied) == changed
    copied.run(*run, "--full-refresh", "--exclude", "int_push_matched_cells")
    assert cells_of(copied) == changed
    copied.run(*run, "--full-refresh")
    assert cells_of(copied) == before


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_of_an_older_version_are_computed_anew(
    engine: str,
    warehouses: dict[str, Warehouse],
    new_database: Callable,
    tmp_path: Path,
) -> None:
    warehouse = warehouses[engine].copy(tmp_path, new_database)
    before = cells_of(warehouse)
    warehouse.execute(
        "alter table intermediate.int_push_matched_cells "
        "rename column input_digest to digest",
        "alter table intermediate.int_push_matched_cells "
        "alter column stratum type text",
        "alter table lift.adjusted_lift drop column adjusted_q cascade",
    )
    told = warehouse.run("dbt", "run", "--quiet", "--select", BETWEEN)
    for name in ("intermediate.int_push_matched_cells", "lift.adjusted_lift"):
        assert f"{name} {OUTDATED}" in told
    assert told.count(OUTDATED) == 2
    assert cells_of(warehouse) == before
    assert warehouse.rows("select adjusted_q from lift.adjusted_lift") == []
    assert OUTDATED not in warehouse.run("dbt", "run", "--quiet", "--select", BETWEEN)
    assert cells_of(warehouse) == before
