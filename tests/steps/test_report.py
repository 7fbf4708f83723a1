"""`python -m steps.report`, read back from the terminal and from the page."""

from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pytest

from loaders.warehouse import connect
from steps.campaign_lift import SCHEMA, campaign_lift
from tests.conftest import ENGINES
from tests.steps.counts import PARAMETERS, Recipient, count_tables, recipients
from tests.steps.warehouses import parameter_table, run_step, write_tables

PAGE = Path("reports/index.html")
HOSTILE_TITLE = ' <script>alert("hi")</script> [[var:name]]  [red]&\n:smile: '

MORE = recipients([0, 15] * 40, [2, 4] * 40)
LESS = recipients([90, 150] * 40, [2, 4] * 40)
SAME = recipients([30, 60] * 40, [1, 5] * 40)
CAMPAIGNS: dict[tuple[str, str], list[Recipient]] = {
    ("first", "sessions"): MORE,
    ("first", "offers_created"): recipients([0] * 80, [0] * 79 + [1]),
    ("second", "sessions"): LESS,
    ("second", "offers_created"): SAME,
    ("third", "sessions"): MORE[:10],
    ("third", "offers_created"): [],
}
STATISTICS = [f"{name} = null" for name in SCHEMA.names[2:] if name != "n"]
ATTRIBUTES = pa.table(
    {
        "campaign_key": ["first", "second", "third"],
        "title": [HOSTILE_TITLE, "New drop", None],
        "layer_id": pa.array([3, 1, None], pa.int64()),
        "layer_name": ["Behaviour", "Moments", None],
        "sent_at": [
            datetime(2026, 10, 1, 17, tzinfo=UTC),
            datetime(2026, 10, 2, 9, 30, tzinfo=UTC),
            datetime(2026, 9, 1, tzinfo=UTC),
        ],
    }
)


class Page(HTMLParser):
    """What the page shows per campaign and metric, and what it would load."""

    LOADING_TAGS = frozenset(
        ["script", "link", "img", "iframe", "object", "embed", "base", "form", "audio"]
    )
    LOADING_ATTRIBUTES = frozenset(
        ["src", "srcset", "href", "xlink:href", "action", "data", "poster"]
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.figures: dict[tuple[str, str], dict[str, str]] = {}
        self.loaded: list[str] = []
        self.text = ""
        self._row: dict[str, str] = {}
        self._column: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "tr" and "data-campaign" in given:
            self._row = self.figures.setdefault(
                (given["data-campaign"], given["data-metric"]), {}
            )
        self._column = given.get("data-column")
        if tag in self.LOADING_TAGS or self.LOADING_ATTRIBUTES & given.keys():
            self.loaded.append(self.get_starttag_text())

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._column:
            self._row[self._column] = data
            self._column = None


def write_mart(url: str, campaigns: dict[tuple[str, str], list[Recipient]]) -> pa.Table:
    """Create the mart of observed lift, and return it."""
    lift = campaign_lift(*count_tables(campaigns), PARAMETERS)
    attributes = ATTRIBUTES.drop_columns("layer_name")
    write_tables(
        url,
        {
            "aggregates.agg_push_campaign_lift": lift.join(attributes, "campaign_key"),
            "core.dim_campaigns": ATTRIBUTES,
            "seeds.push_parameters": parameter_table(),
        },
    )
    return lift


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Give what the step prints and the page it writes, for all kinds of results."""
    directory = tmp_path_factory.mktemp("report")
    url = f"duckdb:///{directory}/warehouse.duckdb"
    write_mart(url, CAMPAIGNS)
    step = run_step("steps.report", url, directory)
    assert (step.returncode, step.stderr) == (0, "")
    return step.stdout, (directory / PAGE).read_text()


@pytest.mark.parametrize("engine", ENGINES)
def test_page_and_terminal_show_the_mart(
    engine: str, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse(engine)
    lift = write_mart(warehouse, CAMPAIGNS)
    step = run_step("steps.report", warehouse, tmp_path)
    assert (step.returncode, step.stderr) == (0, "")
    lines = step.stdout.splitlines()
    assert lines[-1] == str(PAGE)
    page = Page((tmp_path / PAGE).read_text())
    for row in lift.to_pylist():
        shown = page.figures[row["campaign_key"], row["metric"]]
        assert shown["n"] == str(row["n"])
        if row["observed_status"] != "ok":
            assert "ci_lo" not in shown
            continue
        for name in ("lift_mean", "ci_lo", "ci_hi"):
            assert float(shown[name]) == pytest.approx(row[name], abs=5.1e-5)
        line = next(line for line in lines if f"[{shown['ci_lo']}, " in line)
        assert row["metric"] in line
        assert f"{shown['lift_mean']} [{shown['ci_lo']}, {shown['ci_hi']}]" in line
    assert "2 of 6 rows have too few recipients or events" in step.stdout
    run = lift["run_id"][0].as_py()
    assert run in page.text
    assert run in step.stdout


def test_the_reading_never_says_more_than_the_status(report: tuple[str, str]) -> None:
    page = Page(report[1])
    readings = {key: row["observed_status"] for key, row in page.figures.items()}
    assert readings == {
        ("first", "sessions"): "more than before",
        ("first", "offers_created"): "too few events",
        ("second", "sessions"): "less than before",
        ("second", "offers_created"): "no clear change",
        ("third", "sessions"): "too few recipients",
        ("third", "offers_created"): "no recipients",
    }
    caution = "does not show that the push caused the change"
    assert caution in " ".join(page.text.split())


def test_rows_are_sorted_by_layer_date_and_metric(report: tuple[str, str]) -> None:
    keys = list(Page(report[1]).figures)
    assert [campaign for campaign, _ in keys[::2]] == ["second", "first", "third"]
    assert [metric for _, metric in keys[:2]] == ["offers_created", "sessions"]


def test_the_page_loads_nothing_and_runs_nothing(report: tuple[str, str]) -> None:
    html = report[1]
    assert Page(html).loaded == []
    assert html.count("<svg") == 2
    assert "url(" not in html
    assert "@import" not in html
    for namespace in ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"):
        html = html.replace(f'"{namespace}"', "")
    assert "//" not in html


def test_titles_are_text_and_nothing_else(report: tuple[str, str]) -> None:
    printed, html = report
    title = " ".join(HOSTILE_TITLE.split())
    assert title in Page(html).text
    assert title[:15] in printed


def test_the_same_mart_gives_the_same_bytes(
    report: tuple[str, str], tmp_path: Path
) -> None:
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    write_mart(url, CAMPAIGNS)
    step = run_step("steps.report", url, tmp_path)
    assert (step.stdout, (tmp_path / PAGE).read_text()) == report
    assert [path.name for path in (tmp_path / PAGE).parent.iterdir()] == [PAGE.name]


def test_an_empty_mart_gives_a_page_that_says_so(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse("duckdb")
    write_mart(warehouse, {})
    step = run_step("steps.report", warehouse, tmp_path)
    assert (step.returncode, step.stderr) == (0, "")
    assert step.stdout.splitlines()[-1] == str(PAGE)
    page = Page((tmp_path / PAGE).read_text())
    assert "There is no push to report on yet." in page.text


def test_rows_without_statistics_say_what_to_run(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    """The mart holds nulls where the statistics are older than its counts."""
    warehouse = new_warehouse("duckdb")
    write_mart(warehouse, CAMPAIGNS)
    forget = f"update aggregates.agg_push_campaign_lift set {', '.join(STATISTICS)}"
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute(forget)
        connection.commit()
    step = run_step("steps.report", warehouse, tmp_path)
    assert (step.returncode, step.stderr) == (0, "")
    unknown = "not computed yet: run make lift"
    assert unknown in step.stdout
    page = Page((tmp_path / PAGE).read_text())
    assert {row["observed_status"] for row in page.figures.values()} == {unknown}
    text = " ".join(page.text.split())
    assert "6 of 6 results are not computed yet" in text
    assert "0 results that cannot be judged" in text


def test_a_warehouse_that_was_not_built(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    step = run_step("steps.report", new_warehouse("duckdb"), tmp_path)
    assert (step.returncode, step.stdout) == (1, "")
    assert len(step.stderr.splitlines()) == 1
    assert "run `dbt build` first" in step.stderr
    assert not (tmp_path / PAGE).exists()
