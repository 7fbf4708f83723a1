"""The front page tells the state of things, and what each other page has found."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from steps.marts import open_marts
from steps.report.banner import Banner, read_banner
from steps.report.files import write_folder
from steps.report.front.data import Front, read_front
from steps.report.front.page import render_front
from steps.report.product.data import read_product
from steps.report.product.headlines import headlines
from tests.helpers.page import Page
from tests.steps.report.product_rows import world, write_world

NIGHT = """# Night 7: FAILED

2026-11-01 02:00 to 02:30 UTC. Nothing is published.

| stage | status |
| ----- | ------ |
| load  | FAILED |
"""
OPENED = datetime(2026, 10, 31, tzinfo=UTC)


def banner_of_nothing() -> Banner:
    return Banner("generation 1", None, [], [])


def alert(name: str, resolved_at: datetime | None = None) -> dict:
    return {
        "alert_id": name,
        "kind": "deviation",
        "alert_severity": "critical",
        "metric": name,
        "tags": '{"platform": "mac"}',
        "message": "64.00 instead of 12.00",
        "times_seen": 1,
        "opened_at": OPENED,
        "last_seen_at": OPENED,
        "resolved_at": resolved_at,
    }


def test_the_front_page_tells_the_state_of_things(
    new_warehouse: Callable, working_directory: Path
) -> None:
    Path("reports").mkdir()
    Path("reports/night.md").write_text(NIGHT)
    url = new_warehouse("duckdb")
    write_world(
        url, world(agg_alerts=[alert("starts"), alert("crashes", resolved_at=OPENED)])
    )
    with open_marts(url, is_unpublished=True) as marts:
        found = {
            "pushes.html": ["3 of 18 pushes raised something."],
            "product.html": headlines(read_product(marts)),
            "assistant.html": [],
        }
        html = render_front(read_banner(marts), read_front(marts), found)
    page = Page(html)
    text = page.text
    assert "Data as of 2026-11-01 06:00 UTC." in text
    assert "Not loaded: Kratos." in text
    assert "Pushes 3 of 18 pushes raised something. Product 100 people" in text
    assert "Assistant Nothing can be told yet." in text
    assert (
        "critical: starts mac: 64.00 instead of 12.00, since 2026-10-31 00:00" in text
    )
    assert "crashes" not in text
    assert "Active on 2026-10-31: 15 of 250 people (6%)" in text
    assert "Night 7: FAILED, when this page was made." in text
    assert "<td>FAILED</td>" in html
    links = {"pushes.html", "product.html", "assistant.html", "night.md"}
    assert all(f'href="{file}"' in html for file in links)


def test_a_front_page_of_nothing_says_what_is_missing(
    new_warehouse: Callable, working_directory: Path
) -> None:
    url = new_warehouse("duckdb")
    write_world(url, {name: [] for name in world()})
    with open_marts(url, is_unpublished=True) as marts:
        told = read_front(marts)
        html = render_front(read_banner(marts), told, {"pushes.html": []})
    text = Page(html).text
    assert "Open alerts None is open." in text
    assert "No night ran yet" in text
    assert "Active on the last day: not known" in text


def test_of_many_alerts_the_gravest_are_shown_and_the_others_counted() -> None:
    front = Front([f"critical: alert {number}" for number in range(12)], [], "")
    html = render_front(banner_of_nothing(), front, {})
    assert "alert 9" in html
    assert "alert 10" not in html
    assert "And 2 more" in html


def test_a_new_report_keeps_the_page_of_the_night(working_directory: Path) -> None:
    folder = Path("reports")
    folder.mkdir()
    (folder / "night.md").write_text(NIGHT)
    (folder / "gone.html").write_text("of a report before")
    write_folder(folder, {"index.html": b"new"})
    assert {path.name for path in folder.iterdir()} == {"index.html", "night.md"}
