"""The pages in Chromium without a network: seen, heard and used by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from steps.report.banner import Banner
from steps.report.product.data import Product
from steps.report.pushes.page import render_pushes
from steps.report.pushes.templating import push_templates
from steps.report.templating import PAGES
from tests.helpers.browser import Browser, needs_chromium, open_browser
from tests.steps.conftest import WrittenReport
from tests.steps.lift.counts import PARAMETERS
from tests.steps.report.many_pushes import PUSHES, many_pushes

pytestmark = [pytest.mark.slow, needs_chromium]
MOST_BYTES = 3_000_000
MOST_ELEMENTS = 20_000
OPEN_ALL = """
(async () => {
    for (const link of document.querySelectorAll("tr.send a")) link.click();
    const isOpen = () => document.querySelector("tr.detail") || !window.pushes;
    while (!isOpen()) await new Promise((done) => setTimeout(done, 20));
    for (const one of document.querySelectorAll("details")) one.open = true;
    for (const one of document.querySelectorAll("tr.kind button")) one.click();
})()
"""
# what is wider than the window but scrolls by itself is no harm
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FAINT = """
(() => {
    const parts = (colour) => colour.match(/[\\d.]+/g).map(
        (part) => colour.startsWith("color(") ? 255 * part : Number(part));
    const light = (colour) => {
        const [red, green, blue] = parts(colour).map((part) => {
            const share = part / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element) => {
        for (let one = element; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if (parts(colour)[3] !== 0) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const ratio = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const faint = new Set();
    for (const element of document.body.querySelectorAll(":not(title)")) {
        const style = getComputedStyle(element);
        const hasText = [...element.childNodes].some(
            (node) => node.nodeType === 3 && node.textContent.trim());
        const ground = behind(element);
        const isText = element.namespaceURI.endsWith("svg");
        if (hasText && ratio(isText ? style.fill : style.color, ground) < 4.5)
            faint.add(`${element.tagName}.${element.className} ${style.color}`);
        if (element.matches("svg .interval, svg .bar, svg .zero, .curve path, .other")
            && ratio(style.stroke, ground) < 3) faint.add(`${element.outerHTML}`);
        if (element.matches("polyline, rect.untracked")
            && ratio(style.stroke, ground) < 3) faint.add(`${element.outerHTML}`);
        if (element.matches("svg .point, svg .dot, g > rect:not(.untracked)")
            && ratio(style.fill, ground) < 3)
            faint.add(`${element.outerHTML}`);
    }
    return [...faint];
})()
"""
SAID = "document.getElementById('said').textContent"
SENDS_SHOWN = """
[...document.querySelectorAll("tr.send")]
    .filter((row) => !row.hidden)
    .map((row) => row.id)
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with open_browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(
    report: WrittenReport,
    product_page: tuple[Product, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The pages of the report; that of the product is of a world that has one."""
    copy = tmp_path_factory.mktemp("pages")
    for page in PAGES:
        (copy / page).write_bytes((report.folder / page).read_bytes())
    (copy / "product.html").write_text(product_page[1])
    return copy


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_every_window_and_can_be_read(
    page: str, scheme: str, browser: Browser, folder: Path
) -> None:
    browser.show(1280, scheme)
    browser.open(folder / page)
    browser.evaluate(OPEN_ALL)
    for width in (1280, 768, 390):
        browser.show(width, scheme)
        assert browser.evaluate(SIDEWAYS) == 0, width
    assert browser.evaluate(FAINT) == []
    assert browser.violations() == []


def test_pushes_are_filtered_and_opened_by_keyboard(
    browser: Browser, report: WrittenReport
) -> None:
    browser.show(1280)
    browser.open(report.folder / "pushes.html")
    assert browser.evaluate(SAID) == "18 of 18 pushes"
    browser.evaluate("document.querySelector('[name=verdict]').focus()")
    browser.press("ArrowDown")
    assert browser.evaluate(SAID) == "2 of 18 pushes"
    assert browser.evaluate(SENDS_SHOWN) == ["crowded", "up"]
    browser.evaluate("document.querySelector('#up a').focus()")
    browser.press("Enter")
    opened = "document.querySelector('#up + .detail')?.textContent ?? ''"
    browser.wait_for("document.querySelector('#up + .detail')")
    assert "comparable people (adjusted)" in browser.evaluate(opened)
    expanded = "document.activeElement.getAttribute('aria-expanded')"
    assert browser.evaluate(expanded) == "true"
    browser.press("Enter")
    assert browser.evaluate(opened) == ""
    assert browser.evaluate(expanded) == "false"


def test_pushes_are_ordered_by_keyboard(
    browser: Browser, report: WrittenReport
) -> None:
    browser.open(report.folder / "pushes.html")
    browser.evaluate("document.querySelectorAll('#pushes thead button')[1].focus()")
    browser.press("Enter")
    assert browser.evaluate(SAID) == "18 of 18 pushes, by sent, ascending"
    assert browser.evaluate(SENDS_SHOWN)[:2] == ["up", "down"]
    browser.press("Enter")
    assert browser.evaluate(SAID) == "18 of 18 pushes, by sent, descending"
    assert browser.evaluate(SENDS_SHOWN)[:2] == ["nobody", "alike"]


def test_another_metric_is_shown_by_keyboard(
    browser: Browser, report: WrittenReport
) -> None:
    browser.open(report.folder / "pushes.html")
    browser.evaluate("document.querySelector('[name=metric]').focus()")
    browser.press("ArrowDown")
    cells = "[...document.getElementById('up').cells].map((cell) => cell.textContent)"
    browser.wait_for(f"({cells})[4] === 'offers created'")
    assert browser.evaluate(cells)[5] == "too few events"


def test_paper_and_browsers_without_scripts_show_every_push(
    browser: Browser, report: WrittenReport
) -> None:
    visible = (
        "[...document.querySelectorAll('tr.send')].filter((row) => "
        "getComputedStyle(row).display !== 'none').length"
    )
    # as wide as A4 within its margins
    browser.show(718, medium="print")
    browser.open(report.folder / "pushes.html")
    assert browser.evaluate(SIDEWAYS) == 0
    assert browser.evaluate(visible) == 18
    browser.show(1280)
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(report.folder / "pushes.html")
    assert browser.evaluate(visible) == 18
    assert browser.evaluate("getComputedStyle(filters).display") == "none"
    browser.call("Emulation.setScriptExecutionDisabled", value=False)


def test_the_segment_is_switched_by_keyboard(browser: Browser, folder: Path) -> None:
    seen = """
    [...new Set([...document.querySelectorAll("[class^=segment-]")]
        .filter((part) => part.offsetParent).map((part) => part.className))]
    """
    browser.show(1280)
    browser.open(folder / "product.html")
    assert browser.evaluate(seen) == ["segment-all"]
    browser.evaluate("document.getElementById('show-all').focus()")
    browser.press("ArrowDown")
    assert browser.evaluate(seen) == ["segment-finder"]


def test_a_page_of_500_pushes_stays_light(browser: Browser, tmp_path: Path) -> None:
    report = many_pushes(PARAMETERS)
    templates = push_templates(Banner("generation 1", None, [], []), report)
    page = tmp_path / "pushes.html"
    page.write_text(render_pushes(templates, report))
    assert page.stat().st_size < MOST_BYTES
    browser.open(page)
    assert browser.evaluate(SAID) == f"{PUSHES} of {PUSHES} pushes"
    elements = browser.evaluate("document.querySelectorAll('*').length")
    assert elements < MOST_ELEMENTS
