"""The page about pushes, as its text: what it tells, and what it holds to be opened."""

import json
import re
import zlib
from base64 import b64decode, b64encode
from hashlib import sha256

import pytest

from tests.helpers.page import Page
from tests.steps.conftest import WrittenReport
from tests.steps.report.report_warehouse import CLAIM, RUN_ID, SHOWN_TITLE

PAGE = "pushes.html"


def packed(html: str) -> dict[str, dict]:
    """Read what the page holds to be shown when it is asked."""
    [content] = re.findall('<script type="application/json" id="details">(.*?)</', html)
    return json.loads(zlib.decompress(b64decode(json.loads(content))))


@pytest.fixture(scope="module")
def html(report: WrittenReport) -> str:
    return (report.folder / PAGE).read_text()


@pytest.fixture(scope="module")
def opened(html: str) -> dict[str, str]:
    """What each push shows when it is opened."""
    return packed(html)["opened"]


@pytest.fixture(scope="module")
def shown(html: str) -> Page:
    return Page(html)


def text_of(html: str) -> str:
    return Page(html).text


def test_the_first_sentences_tell_how_many_pushes_changed_something(
    shown: Page,
) -> None:
    assert (
        "2 of 18 pushes raised something, 1 lowered something, of 0 we can say that "
        "they changed little; the rest is open. They were sent from 2026-10-01 to "
        "2026-10-18 to 1,440 recipients, each counted once a push. Of the 4 that were "
        "sent more than once, 2 changed what people did on average over all sends."
    ) in shown.text
    assert SHOWN_TITLE in shown.text
    assert f"Statistics: run {RUN_ID}" in shown.text


def test_a_finding_tells_what_changed_from_what_to_what(shown: Page) -> None:
    # 0.25 a day is half of what was before: 50 and 100 in 2 days of 100 people
    assert (
        "Push 2, sent 2026-10-03 17:00: more sessions, from 100 to 150 per 100 people "
        "in the 48 hours after it, together with other pushes, at least."
    ) in shown.text.replace("<r>Rich & <t>plain</t></r>", "Push 2")
    # of 80 people 0.28125 a day with every event counted: 45, from -5 to 95
    assert (
        "A change of +50 (+25 to +75), or +50.0%; with 95% certainty within the "
        "brackets. In all about +45 sessions (-5 to +95). A change under 12% would "
        "hardly have been seen. 80 people."
    ) in shown.text
    assert (
        "Swap (layer 1), over its 3 sends: fewer sessions, -50 per 100 people in the "
        "48 hours after it, together with other pushes, at least."
    ) in shown.text


def test_the_table_has_every_push_with_its_verdict(shown: Page) -> None:
    verdicts = {row: cells[5:] for row, cells in shown.rows.items() if len(cells) > 8}
    assert verdicts["up"] == ["raised it", "", "+50 (+25 to +75)", ""]
    assert verdicts["down"] == ["lowered it", "", "-50 (-75 to -25)", ""]
    assert verdicts["crowded"][:2] == ["raised it", "with other pushes, lower bound"]
    # 12 % show with 80 people, so 20 % with 80 x 0.36
    assert verdicts["unsure"] == ["cannot tell", "", "+50 (+25 to +75)", "29"]
    assert verdicts["no_controls"] == ["no comparison", "nobody else", "", ""]
    assert verdicts["srm"][:2] == ["holdout is off", "wrong size"]
    assert verdicts["open"] == ["too early", "", "", ""]
    assert {"few", "alike", "nobody"} < {*verdicts}
    # each reason is told once
    assert shown.text.count("nobody without this push to compare with") == 1


def test_other_metrics_are_shown_when_they_are_chosen(html: str) -> None:
    cells = packed(html)["cells"]
    row = Page(f"<table><tr id=up>{cells['up']['offers_created']}</tr></table>")
    assert row.rows["up"] == ["offers created", "too few events", "", "", ""]
    assert {metric for of_row in cells.values() for metric in of_row} == {
        "offers_created",
        "sessions",
    }


def test_an_opened_push_shows_the_mart(
    report: WrittenReport, opened: dict[str, str]
) -> None:
    compared = 0
    labels = {
        "observed": "before/after (observed)",
        "matched_window": "same hours, weeks before (observed)",
        "z": "without z outliers (observed)",
        "adjusted": "comparable people (adjusted)",
        "full": "every event counted (adjusted)",
        "first_day": "first 24 hours alone (adjusted)",
    }
    for row in report.rows:
        if row["metric"] != "sessions":
            continue
        fragment = opened[row["campaign_key"]]
        for lift, label in labels.items():
            values = [row.get(f"{lift}_{end}") for end in ("lift", "low", "high")]
            if None in values:
                continue
            line = re.search(
                rf">{re.escape(label)}</span>.*?class=.value.>([^<]*)<", fragment, re.S
            )
            if line:
                compared += 1
                numbers = [float(one) for one in re.findall(r"[-+]\d\.\d+", line[1])]
                assert numbers == pytest.approx(values, abs=5.1e-5)
    # 5 campaigns with a comparison, 9 without; outliers change one of them
    assert compared == 5 * 5 + 9 * 2 + 1


def test_an_opened_push_claims_no_more_than_its_verdict(opened: dict[str, str]) -> None:
    assert len(opened) == 18
    claims = {key for key, fragment in opened.items() if CLAIM.search(fragment)}
    assert claims == {"up", "down", "crowded"}
    status = text_of(opened["held_back"])
    assert "no causal claim: people without this push already differed" in status


def test_an_opened_push_shows_how_alike_controls_are(opened: dict[str, str]) -> None:
    fragment = opened["up"]
    assert "Controls were weighted until they looked like the recipients" in fragment
    cells = re.findall("<t[hd][^>]*>([^<]*)</t[hd]>", fragment)
    hours = cells.index("hours since last active (typical)")
    assert cells[hours + 1 : hours + 4] == ["30", "96", "0.062"]
    share = "Share of people who did it at all: +3.2 points (+1.0 to +5.5)"
    assert share in text_of(fragment)


def test_dates_without_the_push_stand_below_the_lift_of_their_method(
    opened: dict[str, str],
) -> None:
    lines = re.findall(r'class="line \w+"><span>(.*?)</span>', opened["crowded"])
    assert lines[:6] == [
        "comparable people (adjusted)",
        "every event counted (adjusted)",
        "first 24 hours alone (adjusted)",
        "weeks before (adjusted)",
        "before/after (observed)",
        "weeks before (observed)",
    ]
    # only one of the comparisons has such dates
    adjusted = [key for key in opened if "weeks before (adjusted)" in opened[key]]
    assert adjusted == ["crowded"]


def test_an_opened_push_marks_the_pushes_of_the_same_hours(
    opened: dict[str, str],
) -> None:
    # pushes are a day apart: of the first, those that follow
    assert "Marked: 2 other pushes, at +24 h, +48 h." in text_of(opened["up"])


def test_the_page_tells_what_is_wrong_with_the_data(shown: Page) -> None:
    first_screen, _ = shown.text.split("pushes raised something")
    assert (
        "Recipients identified of identity mapping: 75%, not at least 95%. Pushes or "
        "their recipients are missing from the results. Send the user id."
    ) in first_screen
    # small campaigns are no fault of the data
    assert "power" not in first_screen


def test_advice_is_what_the_verdicts_carry(shown: Page) -> None:
    advice = shown.text.split("What to do next")[-1].split("How many people")[0]
    assert "Go on with Finish [your] trade (layer 3)." in advice
    assert "Stop or change Swap (layer 1)." in advice
    assert "Fees" not in advice


def test_the_page_loads_nothing_and_leads_nowhere(html: str, shown: Page) -> None:
    assert shown.loaded == []
    [script] = re.findall("<script>(.*?)</script>", html, re.S)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in html
    for text in (html.replace(script, ""), *packed(html)["opened"].values()):
        assert "url(" not in text
        assert "@import" not in text


def test_every_link_of_the_page_has_a_target(html: str, opened: dict[str, str]) -> None:
    targets = set(re.findall(r'href="#([^"]*)"', html + "".join(opened.values())))
    assert len(targets) > 5
    assert targets <= set(re.findall(r' id="([^"]*)"', html))


def test_the_front_page_begins_with_what_pushes_changed(report: WrittenReport) -> None:
    text = Page((report.folder / "index.html").read_text()).text
    assert "2 of 18 pushes raised something, 1 lowered something, of" in text
    assert "The surest of single sends: " in text
    assert "sessions changed by +" in text or "sessions changed by -" in text
