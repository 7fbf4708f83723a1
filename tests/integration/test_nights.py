"""What is known by system, and when it is not: nights on which sources are missing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from demo.world.scale import END_AT
from tests.integration.conftest import NO_TESTS, Warehouse

NOW = END_AT
STOPPED = NOW - timedelta(days=14)
BUILD = (
    *("dbt", "build", "--quiet", *NO_TESTS, "--select", "+path:models/ai"),
    *("+agg_push_campaign_lift", "+agg_push_lift_diagnostics", "+agg_data_quality"),
    *("agg_push_placebo_lift", "agg_push_layer_summary"),
)
GATE = ("dbt", "test", "--select", "agg_data_quality", "--resource-type", "test")
DATASETS = ("ai_activation", "ai_churn", "ai_engagement", "ai_push_response")


def emptied(warehouse: Warehouse, *sources: str) -> list[str]:
    """Return the statements that leave nothing of sources, as if never loaded."""
    tables = warehouse.rows(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema like 'staging!_%' escape '!' or table_schema = 'history'"
    )
    return [
        f'delete from {table["table_schema"]}."{table["table_name"]}"'
        for table in tables
        for source in sources
        if table["table_schema"] == f"staging_{source}"
        or table["table_name"].startswith(f"{source}_")
    ]


def without_posthog(warehouse: Warehouse) -> list[str]:
    """PostHog was never configured."""
    return emptied(warehouse, "posthog")


def stopped_posthog(_: Warehouse) -> list[str]:
    """No load of PostHog has ended for 14 days."""
    return [
        f"delete from staging_posthog.events where created_at >= '{STOPPED}'",
        f"update staging_posthog.load_slices set loaded_until = '{STOPPED}'",
        f"update staging_posthog._loads set known_until_at = '{STOPPED}'",
    ]


def only_chemlink(warehouse: Warehouse) -> list[str]:
    """Nothing else was ever configured, and one row is dated years ahead."""
    return [
        *emptied(warehouse, "neon", "posthog", "engagement", "assistant"),
        "delete from staging_chemlink._loads where origin = 'kratos'",
        "delete from staging_chemlink.sessions",
        "update staging_chemlink.query_votes set created_at = '2031-01-01 00:00:00+00' "
        "where id = (select min(id) from staging_chemlink.query_votes)",
    ]


@pytest.fixture(scope="module")
def night_of(
    warehouses: dict[str, Warehouse],
    new_database: Callable,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Callable, str], Warehouse]:
    """Give a function that builds a night of an engine."""

    def build(change: Callable[[Warehouse], list[str]], engine: str) -> Warehouse:
        folder = tmp_path_factory.mktemp("night")
        night = warehouses[engine].copy(folder, new_database)
        night.execute(*change(night))
        night.run(*BUILD)
        return night

    return build


@pytest.fixture(scope="module")
def no_events(night_of: Callable) -> Warehouse:
    """A night without PostHog."""
    return night_of(without_posthog, "duckdb")


@pytest.fixture(scope="module")
def old_events(night_of: Callable) -> Warehouse:
    """A night with a PostHog that stopped 14 days ago."""
    return night_of(stopped_posthog, "postgres")


@pytest.fixture(scope="module")
def chemlink_alone(night_of: Callable) -> Warehouse:
    """A night with only ChemLink."""
    return night_of(only_chemlink, "duckdb")


def one(warehouse: Warehouse, sql: str) -> object:
    """Return the only value of a query."""
    [row] = warehouse.rows(f"select {sql}")
    [value] = row.values()
    return value


def rows_of(warehouse: Warehouse) -> dict[str, int]:
    """Count the rows of each dataset."""
    return {
        name: one(warehouse, f"count(*) as rows_there from ai.{name}")
        for name in DATASETS
    }


def test_without_posthog_nothing_is_said_of_what_followed(
    no_events: Warehouse, warehouses: dict[str, Warehouse]
) -> None:
    night, day = no_events, warehouses["duckdb"]
    assert one(night, "distinct as_of from core.dim_source_systems") == NOW
    assert one(night, "max(date_day) from core.dim_date") == NOW.date()
    found = rows_of(night)
    # what somebody did in the app is unknown, what made them activated is not
    assert found == {name: 0 for name in DATASETS} | {
        "ai_activation": rows_of(day)["ai_activation"]
    }
    statuses = night.rows(
        "select distinct verdict from aggregates.agg_push_campaign_lift"
    )
    assert statuses == [{"verdict": "not_tracked"}]
    printed = night.run("python", "-m", "steps.report", "--unpublished")
    assert "not known: PostHog is not loaded" in printed
    page = (night.folder / "reports" / "pushes.html").read_text()
    assert "PostHog is not loaded." in page
    assert "nothing to compare" not in page
    printed = night.run("python", "-m", "steps.writeback", "verdicts", "--unpublished")
    assert "verdicts: 0 of 0 events" in printed
    printed = night.run("python", "-m", "steps.export", "--unpublished")
    assert "ai_push_response has no rows and is left out: its labels read posthog" in (
        printed
    )
    assert "system_known" not in night.run(*GATE)


def test_a_posthog_that_stopped_leaves_the_others_as_they_are(
    old_events: Warehouse, warehouses: dict[str, Warehouse]
) -> None:
    night, day = old_events, warehouses["postgres"]
    assert one(night, "distinct as_of from core.dim_source_systems") == NOW
    signups = "count(*) from core.dim_users where signup_at > timestamptz '{STOPPED}'"
    signups = signups.format(STOPPED=STOPPED)
    assert one(night, signups) == one(day, signups) > 0
    found, whole = rows_of(night), rows_of(day)
    assert found["ai_activation"] == whole["ai_activation"]
    # a row of the demo's is there if its 48 hours ended by then
    due = "count(*) from ai.ai_push_response where as_of_at <= timestamptz "
    due += f"'{STOPPED - timedelta(hours=48)}'"
    assert found["ai_push_response"] == one(day, due) > 0
    assert found["ai_push_response"] < whole["ai_push_response"]
    open_windows = (
        "count(*) from core.fct_push_recipients where is_incomplete "
        f"<> (post_ends_at > timestamptz '{STOPPED}')"
    )
    assert one(night, open_windows) == 0
    assert (
        "system_known of posthog is 14.0000 (336 of 24), not at most 2.0000: known "
        "until 2026-10-18 00:00:00 UTC. Load it again"
    ) in night.run(*GATE)
    known = "PostHog is known until 2026-10-18 00:00 UTC: what ended later is open."
    assert known in night.run("python", "-m", "steps.report", "--unpublished")


def test_chemlink_alone_is_known_as_far_as_it_was_loaded(
    chemlink_alone: Warehouse, warehouses: dict[str, Warehouse]
) -> None:
    night, day = chemlink_alone, warehouses["duckdb"]
    assert one(night, "distinct as_of from core.dim_source_systems") == NOW, "not 2031"
    people = "count(*) from core.dim_users where is_in_chemlink"
    assert one(night, people) == one(day, people) > 0
    stages = night.rows("select distinct lifecycle_stage as stage from core.dim_users")
    assert {"new", "churned"} <= {row["stage"] for row in stages}
    assert set(rows_of(night).values()) == {0}
    printed = night.run("python", "-m", "steps.export", "--unpublished")
    assert (
        "ai_activation has no rows and is left out: its labels read engagement, of "
        "which nothing is loaded"
    ) in printed
    assert "ai_glossary" in printed
    night.run("python", "-m", "steps.report", "--unpublished")
    page = (night.folder / "reports" / "pushes.html").read_text()
    assert "There is no push to report on yet." in page
    configured = night.rows(
        "select source_system as name from core.dim_source_systems where is_configured"
    )
    assert configured == [{"name": "chemlink"}]
    assert "system_known" not in night.run(*GATE)
