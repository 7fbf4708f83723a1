"""What is wrong with the data fails `dbt test`, which names it and says what to do."""

from collections.abc import Callable

import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import Warehouse

BREAKS = (
    # comments under posts that are gone
    "delete from staging_engagement.posts where id in "
    "(select post_id from staging_engagement.comments order by id limit 20)",
    # times that no clock can have told yet, and times that stand for none
    "update staging_chemlink.collections set created_at = '2031-01-01 00:00:00+00'",
    "update staging_chemlink.experiences set updated_at = '1970-01-01 00:00:00+00'",
    "update staging_chemlink.experiences set start_date = 'spring 2019'",
    # a load after which half of the people are gone
    "insert into staging_chemlink._loads (table_name, started_at, finished_at, "
    "rows_new, rows_changed, rows_deleted, rows_rejected, rows_live, is_reconciled) "
    "select table_name, max(started_at) + interval '1 day', "
    "max(finished_at) + interval '1 day', 0, 0, 75, 0, 75, true "
    "from staging_chemlink._loads where table_name = 'persons' group by table_name",
    # events of PostHog that have not landed
    "update staging_posthog.load_slices set status = 'failed', loaded_rows = null "
    "where mode = 'query'",
    # finders and other users no longer add up to everybody who was active
    "update aggregates.agg_daily_metrics set dau = dau + 1 "
    "where user_type = 'finder' and metric_date = "
    "(select max(metric_date) from aggregates.agg_daily_metrics where is_complete)",
)
FINDINGS = {
    "orphans of engagement.comments.post_id is 0.": "Look for parents",
    "future_dates of chemlink.collections is 1.0000 (": "Mend the clock",
    "sentinel_dates of chemlink.experiences is 1.0000 (": "Write NULL",
    "month_texts of chemlink.experiences.start_date is 1.0000 (": "as M-YYYY",
    "row_change of chemlink.persons is -0.": "restore it there and load again",
    "posthog_counts of consistency is 0.": "slices of events have not",
}
CHANGED = (
    *("int_quality_orphans+", "int_quality_tables+", "int_quality_months+"),
    *("stg_loader__loads", "int_quality_loads+", "int_quality_consistency+"),
)


@pytest.fixture(params=ENGINES)
def copied(request: pytest.FixtureRequest, copy: Callable) -> Warehouse:
    """A copy of the demo's warehouse."""
    return copy(request.param)


def test_the_gate_names_what_is_wrong_and_what_to_do(copied: Warehouse) -> None:
    copied.execute(*BREAKS)
    copied.run("dbt", "run", "--quiet", "--select", *CHANGED)
    gate = (
        "dbt",
        "test",
        "--quiet",
        "--select",
        "agg_data_quality",
        "agg_daily_metrics",
    )
    lines = copied.run(*gate, code=1).splitlines()
    for finding, advice in FINDINGS.items():
        [line] = [line for line in lines if finding in line]
        assert advice in line
    [segments] = [line for line in lines if ", recounted_dau " in line]
    assert segments.startswith("  date_day 2026-")
    assert sum(line.startswith("FAIL ") for line in lines) == 2
