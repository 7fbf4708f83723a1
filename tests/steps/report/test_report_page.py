"""The page of the report, as its text and as a browser without a network shows it."""

import re
import shutil
import subprocess
import zlib
from collections import Counter
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from steps.report.templating import PAGES
from tests.steps.conftest import WrittenReport
from tests.steps.report.report_warehouse import CLAIM, RUN_ID, SHOWN_TITLE

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))),
    None,
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: install chromium or google-chrome"
)
OFFLINE = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=10000",
]
PHONE = "--window-size=390,844"
# a window of Chromium is at least 500 wide, a frame in it may be narrower
FRAME = '<body><iframe width="{width}" style="border: 0" srcdoc="{page}"></iframe>'
MEASURE = """
<script>
parent.document.body.dataset.width =
    `${document.documentElement.scrollWidth} of ${window.innerWidth}`
</script>
"""


class Page(HTMLParser):
    """What the page shows per campaign and metric, and what it would load.

    Attributes:
        figures: The text of each column shown, the first time it is shown.
        loaded: Tags that load or lead to something elsewhere.
        text: All of its text.
    """

    LOADING_TAGS = frozenset(
        ["script", "link", "img", "iframe", "object", "embed", "base", "form", "audio"]
    )
    LOADING_ATTRIBUTES = frozenset(["src", "srcset", "xlink:href", "action", "data"])

    def __init__(self, html: str) -> None:
        super().__init__()
        self.figures: dict[tuple[str, str], dict[str, str]] = {}
        self.loaded: list[str] = []
        self.text = ""
        self._shown: dict[str, str] = {}
        self._column: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "data-metric" in given:
            key = given["data-campaign"], given["data-metric"]
            self._shown = self.figures.setdefault(key, {})
        self._column = given.get("data-column")
        href = given.get("href", "#")
        leads_away = not href.startswith("#") and href not in PAGES
        if leads_away or tag in self.LOADING_TAGS or self.LOADING_ATTRIBUTES & {*given}:
            self.loaded.append(self.get_starttag_text())

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._column:
            self._shown.setdefault(self._column, data)
            self._column = None


def browse(directory: Path, page: Path, *options: str) -> str:
    """Open a page in headless Chromium without a network; return what it prints."""
    return subprocess.run(
        [
            CHROMIUM,
            *OFFLINE,
            f"--user-data-dir={directory / 'profile'}",
            *options,
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout


def check_figures(page: Page, report: WrittenReport) -> None:
    """Compare what the page shows with the mart."""
    compared = 0
    for row in report.rows:
        shown = page.figures[row["campaign_key"], row["metric"]]
        assert shown["verdict"]
        for name in (
            "observed_lift",
            "observed_low",
            "matched_window_lift",
            "adjusted_lift",
            "adjusted_high",
            "full_lift",
            "first_day_high",
            "z_lift",
        ):
            if name in row and name in shown:
                compared += 1
                assert float(shown[name]) == pytest.approx(row[name], abs=5.1e-5)
    # sessions of 5 campaigns with a comparison, 9 without, and 1 still open
    assert compared == 5 * 8 + 9 * 4 + 1


def test_the_page_shows_the_mart(report: WrittenReport) -> None:
    page = Page((report.folder / "pushes.html").read_text())
    check_figures(page, report)
    status = page.figures["held_back", "sessions"]["verdict"]
    assert status.startswith("no causal claim: people without this push already")
    text = " ".join(page.text.split())
    assert "3 of 18 single sends really changed what people did." in text
    assert SHOWN_TITLE in text
    assert f"Statistics: run {RUN_ID}" in text


def test_the_page_claims_no_more_than_the_verdicts(report: WrittenReport) -> None:
    html = (report.folder / "pushes.html").read_text()
    _, *campaigns = html.split('<details class="campaign" id="')
    assert len(campaigns) == 18
    # the last one of a layer ends where the next heading begins
    texts = [campaign.split("<h2")[0] for campaign in campaigns]
    claims = {text.split('"')[0] for text in texts if CLAIM.search(text)}
    assert claims == {"up", "down", "crowded"}


def test_the_page_tells_each_push_over_all_its_sends_first(
    report: WrittenReport,
) -> None:
    html = (report.folder / "pushes.html").read_text()
    series = html.split('<h2 id="series">')[1].split("<h2")[0]
    assert html.index('<h2 id="series">') < html.index('<details class="campaign"')
    text = " ".join(Page(series).text.split())
    assert (
        "Finish [your] trade (layer 3) +0.0625 (+0.0156 to +0.1094)5 of 6 sends: the "
        "push raised it on average: +12.5% (+3.0% to +22.0%). The next one: -0.0312 to "
        "+0.1562"
    ) in text
    assert "Sale (layer 1): fewer than two of its sends can be compared" in text
    # what stands in the mart beside that verdict
    assert "0.4375" not in series


def test_the_page_shows_how_alike_controls_are(report: WrittenReport) -> None:
    html = (report.folder / "pushes.html").read_text()
    text = " ".join(Page(html).text.split())
    assert "Controls were weighted until they looked like the recipients" in text
    cells = re.findall("<t[hd][^>]*>([^<]*)</t[hd]>", html)
    hours = cells.index("hours since last active (typical)")
    assert cells[hours + 1 : hours + 5] == ["30", "96", "30", "0.062"]
    assert "Share of people who did it at all: +3.2 points (+1.0 to +5.5)" in text


DATES = re.compile(
    r'<div class="line placebo">\s*<span>(.*?)</span>\s*<svg.*?</svg>', re.S
)


def test_dates_without_the_push_are_shown_with_the_lift_of_their_method(
    report: WrittenReport,
) -> None:
    html = (report.folder / "pushes.html").read_text()
    plots = re.findall("<figure>.*?</figure>", html, re.S)
    shown = {
        DATES.search(plot)[1]: plot.count("comparable people (adjusted)")
        for plot in plots
        if DATES.search(plot)
    }
    assert shown == {"weeks before (observed)": 0, "weeks before (adjusted)": 1}
    # of the one result whose comparison has dates, and of 15 before/after
    labels = [label for plot in plots for label in DATES.findall(plot)]
    assert Counter(labels) == {
        "weeks before (observed)": 15,
        "weeks before (adjusted)": 1,
    }


def test_the_page_tells_what_the_data_are_worth(report: WrittenReport) -> None:
    page = Page((report.folder / "pushes.html").read_text())
    text = " ".join(page.text.split())
    first_screen, rest = text.split("sends really changed", 1)
    assert (
        "Recipients identified of identity mapping: 75%, not at least 95%. Pushes or "
        "their recipients are missing from the results. Send the user id."
    ) in first_screen
    # small campaigns are no fault of the data
    assert "power" not in first_screen
    assert "Event: 96.9%, passed (at least 95%)" in rest
    assert "Statistical adequacy: 12.5%, failed (at least 80%)" in rest
    failed = "recipients identified: 75%, failed (at least 95%). Send the user id."
    assert f"Identity mapping, {failed}" in text


def test_the_page_loads_nothing_and_leads_nowhere(report: WrittenReport) -> None:
    html = (report.folder / "pushes.html").read_text()
    assert Page(html).loaded == []
    assert "url(" not in html
    assert "@import" not in html
    # but for the title that tries
    assert "//" not in html.replace("http://evil.example", "")


def test_every_link_of_the_page_has_a_target(report: WrittenReport) -> None:
    html = (report.folder / "pushes.html").read_text()
    targets = set(re.findall(r'href="#([^"]*)"', html))
    assert len(targets) > 5
    assert targets <= set(re.findall(r' id="([^"]*)"', html))


@pytest.mark.slow
@needs_chromium
def test_a_browser_without_a_network_shows_the_numbers(
    report: WrittenReport, tmp_path: Path
) -> None:
    page = report.folder / "pushes.html"
    check_figures(Page(browse(tmp_path, page, "--dump-dom")), report)
    picture = tmp_path / "page.png"
    browse(tmp_path, page, PHONE, f"--screenshot={picture}")
    assert len(set(pixels(picture))) > 10


def pixels(png: Path) -> bytes:
    """Unpack the scan lines of a PNG: all alike in a blank picture."""
    chunks, position = b"", len(b"\x89PNG\r\n\x1a\n")
    content = png.read_bytes()
    while position < len(content):
        length = int.from_bytes(content[position : position + 4])
        if content[position + 4 : position + 8] == b"IDAT":
            chunks += content[position + 8 : position + 8 + length]
        position += length + 12
    return zlib.decompress(chunks)


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("width", [390, 1200])
def test_no_browser_scrolls_the_page_sideways(
    width: int, report: WrittenReport, tmp_path: Path
) -> None:
    """All that can be opened is open; only a copy of the page may run a script."""
    html = (report.folder / "pushes.html").read_text()
    opened = html.replace("<details", "<details open")
    scripted = re.sub("<meta http-equiv[^>]*>", "", opened) + MEASURE
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME.format(width=width, page=escape(scripted)))
    dom = browse(tmp_path, frame, "--dump-dom")
    assert f'data-width="{width} of {width}"' in dom
