from collections.abc import Callable
from pathlib import Path

from tests.integration.conftest import NO_TESTS, Warehouse

NAMED_IN_THE_README = (
    "NEON_DATABASE_URL",
    "CHEMLINK_DATABASE_URL",
    "ENGAGEMENT_DATABASE_URL",
    "POSTHOG_HOST",
    "POSTHOG_PROJECT_ID",
    "POSTHOG_API_KEY",
)


def test_four_sources_and_nothing_else_are_enough(
    sources: dict[str, str], new_warehouse: Callable, tmp_path: Path
) -> None:
    environment = {name: sources[name] for name in NAMED_IN_THE_README}
    warehouse = Warehouse(new_warehouse("duckdb"), tmp_path, environment)
    warehouse.build(*NO_TESTS)
    [lift] = warehouse.rows(
        "select count(*) as rows, count(distinct campaign_key) as campaigns, "
        "count(observed_lift) as computed from aggregates.agg_push_campaign_lift"
    )
    assert lift["campaigns"] > 5
    assert lift["computed"] > 50
    for empty in ("staging_neon.users", "staging_chemlink.sessions"):
        assert warehouse.rows(f"select count(*) as rows from {empty}") == [{"rows": 0}]
    assert (tmp_path / "reports" / "pushes.html").exists()
