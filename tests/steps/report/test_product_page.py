"""The page about the product shows what the marts hold, and says what they do not."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from steps.report.product.areas import ACTIVATION, ACTIVE, AREAS, RETENTION, SIGNUPS
from steps.report.product.data import Product
from steps.report.product.headlines import headlines
from steps.report.product.measures import Area
from steps.report.product.plots import (
    active_graph,
    activity_lines,
    cohort_rows,
    growth_graph,
    levels_graph,
    lifecycle_lines,
)
from tests.helpers.page import Page
from tests.steps.report.product_rows import (
    daily_metrics,
    page_of,
    systems,
    world,
    write_world,
)
from tests.steps.warehouses import Row

CONTENT = AREAS[0]


@pytest.fixture
def made(new_warehouse: Callable) -> Callable:
    """Give a function that writes marts and makes the page of them."""

    def make(engine: str = "duckdb", **changed: list[Row]) -> tuple[Product, str]:
        url = new_warehouse(engine)
        write_world(url, world(**changed))
        return page_of(url)

    return make


def text_of(html: str) -> str:
    return Page(html).text


def measured(product: Product, area: Area, segment: str = "all") -> dict[str, tuple]:
    """Return each measure of an area in the last span, and in the one before."""
    return {
        one.measure.name: (one.value, one.before)
        for one in product.histories(area, segment)
    }


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_the_numbers_are_those_of_the_marts(engine: str, made: Callable) -> None:
    product, html = made(engine)
    now_and_before = partial(measured, product)
    # all of October is tracked, of the 28 days before only the last three
    assert now_and_before(ACTIVE) == {
        "mau": (100, None),
        "wau": (50, None),
        "dau": (15, None),
        "stickiness": (None, None),
    }
    assert now_and_before(ACTIVE, "finder")["dau"] == (5, None)
    assert now_and_before(SIGNUPS) == {"signups": (28 * 4, 28 * 3)}
    assert now_and_before(SIGNUPS, "standard") == {"signups": (28 * 3, 28 * 2)}
    # of the sign-ups of the last 28 days nobody knows yet: 2 of 3 a day before
    assert now_and_before(ACTIVATION) == {
        "activation_share_30_days": (pytest.approx(2 / 3), None)
    }
    # three weeks more are known, but not four
    assert now_and_before(RETENTION) == {"retention_share": (0.75, None)}
    assert now_and_before(CONTENT) == {
        "posts": (84, 84),
        "comments": (28, 0),
        "commented_share": (0.5, 0.0),
        "deleted_share": (pytest.approx(1 / 3), pytest.approx(1 / 3)),
    }
    assert product.rows["content by kind"] == [
        {"post_type": "text", "value": 56},
        {"post_type": "image", "value": 28},
    ]
    assert activity_lines(product, "all") == [
        (
            "confirmed trades",
            4 * 28,
            "112, the 28 days before were not all tracked",
            "people a day: 2",
        ),
        ("post", 3 * 28, "84, +50.0%", "people a day: 1"),
    ]
    assert lifecycle_lines(product, "all")[2:4] == [
        ("engaged: active in the last 30 days", 4, "4, 40%"),
        ("dormant: last active 31 to 90 days ago", 6, "6, 60%"),
    ]
    text = text_of(html)
    assert "Monthly active people 100" in text
    assert "Sign-ups 112 +33.3% on 28 days earlier (84)" in text
    assert "Activated in 30 days 66.7% of 84 no 28 days before are known" in text
    assert "Stickiness not known not all of it was tracked in these days" in text
    assert (
        "Posts with a comment 50% of 56 +50.0 points on 28 days earlier (0% of 56)"
    ) in text
    assert "Comments 28 +28 on 28 days earlier (0)" in text


def test_graphs_show_what_is_not_tracked_apart(
    product_page: tuple[Product, str],
) -> None:
    product, html = product_page
    monthly, weekly, daily = active_graph(product, "all").series
    assert monthly.values == [100] * 9
    assert daily.values == [13] * 5 + [15] * 4
    assert (monthly.tracked.index(True), weekly.tracked.index(True)) == (8, 5)
    # the week of 27 September to 3 October was tracked in part only
    assert daily.tracked == [False] * 5 + [True] * 4
    # 30 August is the first day of the graph
    position, said = active_graph(product, "all").mark
    assert position == pytest.approx(32 / 7)
    assert said == "app tracked since 2026-10-01"
    assert said in html
    growth = growth_graph(product, "all")
    assert growth.columns[0] == "2026-09-07"
    assert [one.values[0] for one in growth.series] == [60, 12, 8, -20]
    levels = levels_graph(product, "finder")
    assert [one.values for one in levels.series] == [[2], [0], [0], [0], [0]]


def test_the_matrix_tells_untracked_and_open_cells_apart(
    product_page: tuple[Product, str],
) -> None:
    product, html = product_page
    [(month, size, cells)] = cohort_rows(product)
    assert (month, size) == ("2026-09", 40)
    assert [(cell.text, cell.part) for cell in cells] == [
        ("not tracked", None),
        ("25%", 0.25),
        ("", None),
    ]
    table = html.split('<table class="matrix">')[1].split("</table>")[0]
    assert table.count('<td class="untracked">') == 1
    assert table.count("<td></td>") == 1
    assert "50%" not in table


def test_the_page_says_where_people_stop(product_page: tuple[Product, str]) -> None:
    product, html = product_page
    told = (
        "On the way to a first activity most people stop between name and e-mail "
        "address and first job in the profile: 50 of 90 (55.6%) got no further."
    )
    assert headlines(product) == [
        "100 people were active in the 30 days to 2026-10-31; nothing to compare it "
        "with: not all of it was tracked in the 28 days before.",
        told,
        "75% of those active in a week were active in the next one, in the 28 days to "
        "2026-10-25; nothing to compare it with: no 28 days before are known.",
    ]
    text = text_of(html)
    assert told in text
    assert "first activity 24, 24% of all 80% of the step before" in text
    assert "active 30 days later, or after not known not all of it was tracked" in text
    # October is too young to tell
    assert "from 2026-06 to 2026-06" in text


def test_what_is_not_loaded_is_not_zero(made: Callable) -> None:
    chemlink = {"is_configured": False, "known_until_at": None}
    engagement = {"known_until_at": None}
    product, html = made(
        dim_source_systems=systems(chemlink=chemlink, engagement=engagement),
        agg_activation_funnel=[],
        agg_content=[],
    )
    text = text_of(html)
    assert "Finder Not known: ChemLink is not loaded." in text
    assert "Messages Not known: never loaded whole: the engagement platform." in text
    assert "Posts 0" not in text
    assert "not known: ChemLink is not loaded." in headlines(product)[1]


def test_a_tracked_app_has_no_mark_and_is_compared(made: Callable) -> None:
    product, html = made(
        dim_source_systems=systems(posthog={"tracking_started_at": None}),
        agg_daily_metrics=daily_metrics(tracked_from=date(2026, 1, 1)),
    )
    text = text_of(html)
    assert "Daily active people 15 +2 on 28 days earlier (13)" in text
    assert "Stickiness 15% +2.0 points on 28 days earlier (13%)" in text
    assert active_graph(product, "all").mark is None
    assert "tracked since" not in text


def test_a_page_of_an_empty_warehouse_says_so(made: Callable) -> None:
    nothing = {
        name: [] for name, rows in world().items() if name != "dim_source_systems"
    }
    unloaded = {"is_configured": False, "known_until_at": None}
    product, html = made(
        **nothing,
        dim_source_systems=systems(
            posthog=unloaded, chemlink=unloaded, engagement=unloaded
        ),
    )
    said = "Nothing is known of what people do: no source is loaded."
    assert headlines(product) == [said]
    assert said in text_of(html)


def test_the_page_loads_nothing_and_names_its_marts(
    product_page: tuple[Product, str],
) -> None:
    product, html = product_page
    assert [tag for tag in Page(html).loaded if ".html" not in tag] == []
    assert "url(" not in html
    shown = set(re.findall(r'<p class="source">(\w+):', html))
    assert shown >= {"agg_daily_metrics", "agg_content", "dim_users"}
