"""What stands above every page: what is loaded, and what is wrong with the data."""

from datetime import UTC, datetime

from steps.report.banner import Banner
from tests.steps.warehouses import Row

SYSTEMS = [
    {
        "source_system": "app",
        "is_configured": True,
        "tracking_started_at": None,
    },
    {
        "source_system": "posthog",
        "is_configured": False,
        "tracking_started_at": None,
    },
]


def failed(check: str, score: str, component: str, **values: object) -> Row:
    return {
        "check_name": check,
        "score": score,
        "component": component,
        "value_share": 0.0625,
        "passes_when": "at_most",
        "threshold": 0.01,
        "recommendation": "Load again.",
        "known_until_at": None,
    } | values


def test_systems_are_named_that_are_loaded_and_that_are_not() -> None:
    banner = Banner("generation 1", None, SYSTEMS, [])
    assert (banner.loaded, banner.missing) == (["the app database"], ["PostHog"])
    assert (banner.data_as_of, banner.tracked_since) == ("–", None)


def test_a_check_that_failed_for_many_is_told_once_with_its_consequence() -> None:
    rows = [failed("orphans", "orphans", f"engagement.posts_{n}") for n in range(5)]
    assert Banner("generation 1", None, [], rows).problems == [
        "Orphans of engagement.posts 0, engagement.posts 1, engagement.posts 2 and 2 "
        "more, not at most 1%. Rows without the row they belong to are counted for "
        "nobody. Load again."
    ]


def test_how_old_data_are_is_told_in_days_and_until_when() -> None:
    known = datetime(2026, 10, 18, tzinfo=UTC)
    rows = [
        failed("newest_push", "freshness", "push", value_share=9.5, threshold=7.0),
        failed("system_known", "freshness", "chemlink", known_until_at=known),
        failed("system_known", "freshness", "app"),
    ]
    assert Banner("generation 1", None, [], rows).problems == [
        "Newest push of push: 9.5 days, not at most 7 days. What ended later is open. "
        "Load again.",
        "ChemLink is known until 2026-10-18 00:00 UTC; the app database was never "
        "loaded whole. What ended later is open. Load again.",
    ]
