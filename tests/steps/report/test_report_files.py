"""The Markdown, JSON and Excel files of the report."""

import json
import re
from html import unescape
from operator import itemgetter
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from markdown_it import MarkdownIt

from steps.report.pushes.data import DIAGNOSTICS, LIFT
from tests.steps.conftest import WrittenReport
from tests.steps.report.report_warehouse import (
    CLAIM,
    HOSTILE_TITLE,
    LONG_TITLE,
    RESULTS,
    RICH_TITLE,
    RUN_ID,
    SHOWN_TITLE,
)
from tests.steps.report.series_rows import SERIES, balance_rows

VERDICTS = {
    "up": "the push raised it: +50.0% (+25.0% to +75.0%)",
    "down": "the push lowered it: -50.0% (-75.0% to -25.0%)",
    "crowded": "together with other pushes, the push raised it, lower bound: +50.0%",
    "unsure": "inconclusive: cannot tell (a change under 12% would hardly show)",
    "small": "too small to tell (a change under 45% would hardly show)",
    "no_controls": "no causal claim: nobody without this push to compare with",
    "matched_share": "no causal claim: too many recipients have no similar people",
    "no_weights": "no causal claim: no weights make people without this push look like",
    "ess": "no causal claim: too few people without this push carry the whole",
    "balance": "no causal claim: people without this push differ from the recipients",
    "held_back": "no causal claim: people without this push already differed",
    "no_history": "no causal claim: the data do not reach back far enough",
    "placebo_short": "no causal claim: too few earlier weeks",
    "srm": "no claim: the held-out group does not have its planned size",
    "open": (
        "too early to tell: the window after the push is still open, or not loaded yet"
    ),
    "few": "too few events to say anything",
    "alike": "nothing differs",
    "nobody": "no recipients",
}


def rows_of(columns: dict[str, list]) -> list[dict]:
    """Turn columns into rows."""
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


@pytest.mark.parametrize("campaign", RESULTS)
def test_a_campaign_says_what_its_verdict_supports_and_no_more(
    campaign: str, report: WrittenReport
) -> None:
    text = report.of_campaign(campaign, "md")
    assert f"**Sessions**: {VERDICTS[campaign]}" in text
    results = rows_of(json.loads(report.of_campaign(campaign, "json"))["results"])
    (sessions,) = (row for row in results if row["metric"] == "sessions")
    assert sessions["verdict_text"].startswith(VERDICTS[campaign])
    has_claim = campaign in ("up", "down", "crowded")
    assert bool(CLAIM.search(text)) == has_claim
    assert bool(CLAIM.search(report.of_campaign(campaign, "json"))) == has_claim


def test_no_adjusted_lift_is_told_without_its_interval(report: WrittenReport) -> None:
    """The mart holds one, 0.34375, where there are too few events or hours."""
    texts = [path.read_text() for path in report.folder.rglob("*.md")]
    texts += [report.printed, (report.folder / "pushes.html").read_text()]
    assert not [text for text in texts if "+0.3438" in text]


def test_a_campaign_says_what_weakens_its_result(report: WrittenReport) -> None:
    text = report.of_campaign("crowded", "md")
    assert "50% of the recipients or more got another push in the 48 hours be" in text
    assert "That holds for the 87.5% of recipients who have similar people" in text
    assert "A lower bound: of the hours after, 28.1% came after the people" in text
    assert "With every event counted the test of this result alone comes out" in text
    assert "also finds differences in weeks without this push" in text
    assert "The weeks before were not steady" in text
    assert "Compared with 4,321 similar people who get no pushes, corrected" in text
    for weakness in ("another push", "lower bound", "comes out otherwise"):
        assert weakness not in report.of_campaign("up", "md")


def test_the_headline_stands_beside_every_event_counted(report: WrittenReport) -> None:
    text = report.of_campaign("up", "md")
    assert (
        "The headline counts at most 3 events a person. With every event counted it "
        "reads the same."
    ) in text
    assert (
        "| sessions | 3 | +0.2500 (+0.1250 to +0.3750) | +0.2812 (-0.0312 to +0.5938) "
        "| +0.4375 (+0.3125 to +0.5625) | +3.2 points (+1.0 to +5.5) |"
    ) in text
    share = "The headline is the share who did it at all: one event a person counts."
    assert share in report.of_campaign("down", "md")
    assert "every event counted" not in report.of_campaign("held_back", "md")


def test_a_campaign_shows_how_alike_its_controls_are(report: WrittenReport) -> None:
    alike = "Controls were weighted until they looked like the recipients before the"
    for campaign, text in (("up", alike), ("balance", "Weights were to make controls")):
        summary = report.of_campaign(campaign, "md")
        assert f"**Sessions.** {text}" in summary
        hours = "| hours since last active (typical) | 30 | 96 | 30 | 0.062 |"
        newcomers = "| first seen in the last 14 days | 12.5% | 25% | 12.5% | 0.062 |"
        assert hours in summary
        assert newcomers in summary
        content = json.loads(report.of_campaign(campaign, "json"))
        told = rows_of(content["balance"]["sessions"])
        about = {"campaign_key": campaign, "metric": "sessions"}
        assert [row | about for row in told] == sorted(
            balance_rows(campaign), key=itemgetter("covariate")
        )
    assert "controls, weighted" not in report.of_campaign("held_back", "md")


TOLD = {
    "Finish \\[your\\] trade (layer 3)": "| 5 of 6 | 400 | +0.0625 (+0.0156 to "
    "+0.1094) | -0.0312 to +0.1562 | the push raised it on average: +12.5% (+3.0% to "
    "+22.0%) |",
    "Swap (layer 1)": "| 2 of 3 | 300 | -0.2500 (-0.3750 to -0.1250) | – | "
    "together with other pushes, the push lowered it on average, lower bound: -0.2500 "
    "(-0.3750 to -0.1250) per recipient and day |",
    "Fees (no layer)": "| 2 of 2 | 200 | +0.1250 (-0.1250 to +0.3750) | – | "
    "inconclusive: cannot tell (a change under 18% would hardly show) |",
    "Sale (layer 1)": "| 1 of 2 | 80 | – | – | fewer than two of its sends can be "
    "compared |",
}


def test_a_series_says_what_its_sends_support_together(report: WrittenReport) -> None:
    text = (report.folder / "strategic-reports/series.md").read_text()
    sessions, offers = text.split("## Sessions")[1].split("## Offers created")
    lines = [line for line in sessions.splitlines() if " of " in line]
    assert lines[:4] == [f"| {name} {cells}" for name, cells in TOLD.items()]
    # offers were too few in all of them
    assert offers.count("| – | – | – | too few events to say anything |") == 4
    content = json.loads((report.folder / "json-data/series.json").read_text())
    shown = [row for row in rows_of(content["results"]) if row["metric"] == "sessions"]
    assert {row["push_title"] for row in shown} == SERIES.keys()
    for row in shown:
        assert SERIES[row["push_title"]].items() <= row.items()
    assert content["source"]["results"] == "agg_push_series_lift"


def test_a_series_is_told_before_its_sends(report: WrittenReport) -> None:
    summary = (report.folder / "strategic-reports/executive-summary.md").read_text()
    works = "* Finish \\[your\\] trade (layer 3), sent 6 times: more sessions (+12%, "
    works += "from +3% to +22%)"
    assert "**2 of 4 pushes that were sent more than once changed what" in summary
    assert summary.index(works) < summary.index("single sends really changed")


CHECKED = {
    "up": "Sessions**: It has no weeks without this push: whom no push reached in an "
    "earlier week is a selection of its own. In the days 31 to 86 before the push, by "
    "which nobody was weighted, recipients and the others differ by -1.5% (p 0.375).",
    "down": "Sessions**: Nobody was held out of earlier weeks, so it has no weeks "
    "without this push.",
    "crowded": "Sessions**: The same comparison was made at dates a week apart before "
    "the push, when there was no such push to find. Their mean is taken off the lift. "
    "It finds +0.9531 to +1.0625 at 8 of them.",
    "held_back": "Sessions**: There is no adjusted lift to check.",
}


@pytest.mark.parametrize("campaign", CHECKED)
def test_the_adjusted_lift_is_checked_by_its_own_method_or_not_at_all(
    campaign: str, report: WrittenReport
) -> None:
    text = report.of_campaign(campaign, "md")
    _, adjusted, observed = re.split("## How far to trust the .* lift\n", text)
    assert adjusted.strip().splitlines()[0] == f"* **{CHECKED[campaign]}"
    # the observed dates are around 0, those of the comparison around 1
    assert "| sessions | -0.0469 to +0.0625 at 8 dates |" in observed
    assert "+1.0" not in observed
    results = rows_of(json.loads(report.of_campaign(campaign, "json"))["results"])
    (sessions,) = (row for row in results if row["metric"] == "sessions")
    assert f"Sessions**: {sessions['adjusted_check']}" in adjusted


def test_the_summary_counts_pushes_and_verdicts(report: WrittenReport) -> None:
    summary = (report.folder / "strategic-reports/executive-summary.md").read_text()
    assert "**3 of 18 single sends really changed what people did.**" in summary
    assert "2026-10-02: fewer sessions (-50%, from -75% to -25%)" in summary
    assert (
        "2026-10-03: more sessions (+50%, from +25% to +75%, together with other "
        "pushes, a lower bound)" in summary
    )
    assert (
        "| no causal claim: nobody without this push to compare with | 1 |" in summary
    )
    assert "| too few events to say anything | 19 |" in summary
    assert "something else that happened to the recipients" in summary


def test_links_between_files_lead_somewhere(report: WrittenReport) -> None:
    links = [
        path.parent / target
        for path in (report.folder / "strategic-reports").iterdir()
        for target in re.findall(r"\]\((\.\./[^)]*)\)", path.read_text())
    ]
    # three campaigns in the summary, all in the layers
    assert len(links) == 21
    assert all(link.exists() for link in links)


def test_the_methodology_holds_the_numbers_of_the_run(report: WrittenReport) -> None:
    text = (report.folder / "strategic-reports/methodology.md").read_text()
    for line in (
        "| T2a | similar people who were not sent it then | 3 |",
        "| T3 | nobody | 9 |",
        f"| run | {RUN_ID} |",
        "| campaigns | 18 |",
        "| recipients, once for each of their campaigns | 1,440 |",
        "| adjusted p-values corrected together | 5 |",
        "| setting min_matched_share | 0.8 |",
    ):
        assert line in text
    assert "an event that coincides with the push" in text


def test_json_equals_the_mart(report: WrittenReport) -> None:
    for row in report.rows:
        content = json.loads(report.of_campaign(row["campaign_key"], "json"))
        (shown,) = (
            result
            for result in rows_of(content["results"])
            if result["metric"] == row["metric"]
        )
        known = row | {"sent_at": row["sent_at"].isoformat()}
        assert known.items() <= shown.items()
        assert content["source"]["results"] == [LIFT, DIAGNOSTICS]
        assert content["source"]["run_id"] == RUN_ID
        lifts = {"observed": [], "reselected": []}
        for week in rows_of(content["placebo"].get(row["metric"], {})):
            lifts[week["kind"]].append(week["lift"])
        around_zero = [week / 64 for week in range(-3, 5)]
        is_sessions = row["metric"] == "sessions"
        assert lifts["observed"] == (around_zero if is_sessions else [])
        is_corrected = row.get("design_tier") == "T2b"
        around_one = [1 + lift for lift in around_zero]
        assert lifts["reselected"] == (around_one if is_corrected else [])


def test_every_text_names_its_source(report: WrittenReport) -> None:
    for path in report.folder.rglob("*.md"):
        text = " ".join(path.read_text().split())
        assert re.search(rf"agg_push_\w+: [^·]* · run {RUN_ID}", text)


def test_a_result_comes_first_and_metrics_by_what_they_say(
    report: WrittenReport,
) -> None:
    title, _, result, *_ = report.of_campaign("down", "md").splitlines()
    assert title.startswith("# ")
    assert result == "**Fewer sessions (-50%, from -75% to -25%).**"
    # offers were too few, and come first in the alphabet
    text = report.of_campaign("unsure", "md")
    assert text.index("**Sessions**") < text.index("**Offers created**")
    assert text.index("| sessions |") < text.index("| offers created |")


def test_markdown_is_tidy(report: WrittenReport) -> None:
    """What a linter of Markdown complains of, but for long lines."""
    for path in report.folder.rglob("*.md"):
        text = path.read_text()
        assert text.startswith("# ") and text.endswith("\n")
        assert not re.search(r"\n\n\n|\n\n\Z|[ \t]\n|\t", text)
        assert text.count("\n# ") == 0
        blocks = [block.splitlines() for block in text.strip().split("\n\n")]
        for lines in blocks:
            assert lines[0].startswith("#") <= (len(lines) == 1)
            starts = [line[:1] for line in lines]
            for sign in ("*", "|"):
                is_block = sign in starts and not lines[0].startswith("**")
                assert is_block <= (starts[0] == sign)
                if is_block and sign == "|":
                    cells = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
                    assert len(cells) == 1, lines


def test_titles_stay_text_in_markdown(report: WrittenReport) -> None:
    markdown = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    for path in report.folder.rglob("*.md"):
        html = markdown.render(path.read_text())
        assert "<script" not in html
        assert "<img" not in html
        assert "evil.example/" not in re.sub(r">[^<]*<", "><", html)
    first = report.of_campaign("up", "md").splitlines()[0]
    (heading,) = re.findall("<h1>(.*)</h1>", markdown.render(first))
    assert unescape(heading) == SHOWN_TITLE


def test_no_file_holds_what_a_terminal_obeys_or_turns_a_line(
    report: WrittenReport,
) -> None:
    for path in report.folder.rglob("*.*"):
        if path.suffix in (".md", ".json", ".html"):
            lines = path.read_text(encoding="utf-8").split("\n")
            assert [line for line in lines if not line.isprintable()] == []


@pytest.fixture(scope="module")
def sheets(report: WrittenReport) -> dict[str, pd.DataFrame]:
    """The workbook as pandas reads it, without any option."""
    return pd.read_excel(report.folder / "lift.xlsx", sheet_name=None)


def test_the_workbook_holds_the_marts(
    sheets: dict[str, pd.DataFrame], report: WrittenReport
) -> None:
    assert list(sheets) == [
        *("summary", "dictionary", "series", "campaigns", "balance", "layers"),
        *("rankings", "data quality", "methodology"),
    ]
    campaigns = sheets["campaigns"].set_index(["campaign_key", "metric"])
    for row in report.rows:
        cells = campaigns.loc[(row["campaign_key"], row["metric"])]
        assert cells["sent_at"] == row["sent_at"].replace(tzinfo=None)
        for name in (
            *("recipients", "observed_lift", "adjusted_lift", "adjusted_low"),
            *("adjusted_q", "adjusted_percent"),
        ):
            told = None if pd.isna(cells[name]) else cells[name]
            assert told == row.get(name)
    assert campaigns["recipients"].dtype == "int64"
    titles = {*campaigns["title"].dropna()}
    assert {HOSTILE_TITLE.replace("\x1b", "_x001B_"), RICH_TITLE} <= titles
    [cut] = [title for title in titles if title.startswith(LONG_TITLE[:99])]
    assert len(cut.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert cut.endswith("👟Lon [cut: 36,000 characters]")
    assert sheets["rankings"]["shrunken_lift"][0] == 0.125
    assert sheets["layers"]["pooled_high"][0] == 0.125
    method = sheets["methodology"].set_index("name")["value"]
    assert (method["run"], method["campaigns"]) == (RUN_ID, 18)
    assert method["sheet campaigns"] == f"{LIFT}, {DIAGNOSTICS}, dim_campaigns"
    series = sheets["series"].set_index(["push_title", "metric"])
    assert series.loc[("Finish [your] trade", "sessions"), "next_high"] == 0.15625
    days = sheets["balance"].query("covariate == 'day_count'")
    assert [*days["recipient_mean"]] == [0.75, 0.75]


def test_the_workbook_begins_with_what_was_found(
    sheets: dict[str, pd.DataFrame],
) -> None:
    found = sheets["summary"]
    assert len(found) == 4 * 2 + 18 * 2
    told = found[["push", "sent", "metric", "change", "percent_low"]]
    assert told.to_numpy().tolist()[:2] == [
        ["Finish [your] trade (layer 3)", "6 sends", "sessions", 0.0625, 3.0],
        [SHOWN_TITLE, "2026-10-01", "sessions", 0.25, 25.0],
    ]
    assert not found[found["change_low"].isna()]["change"].notna().any()
    words = sheets["dictionary"].set_index(["sheet", "column"])
    assert [*words.loc["summary"].index] == [*found.columns]
    assert words.loc[("campaigns", "adjusted_lift")].to_dict() == {
        "type": "double precision",
        "unit": "events per recipient and day",
        "meaning": "How much more.",
    }
    for column, unit in (
        ("recipients", "count"),
        ("adjusted_percent", "percent"),
        ("adjusted_q", "probability"),
    ):
        assert words.loc[("campaigns", column), "unit"] == unit


def test_the_workbook_looks_like_what_it_holds(report: WrittenReport) -> None:
    book = openpyxl.load_workbook(report.folder / "lift.xlsx")
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet["A1"].value not in ("campaign_key", "run_id")
    campaigns = book["campaigns"]
    formats = {
        heading.value: cell.number_format
        for heading, cell in zip(campaigns[1], campaigns[3], strict=True)
    }
    assert formats["adjusted_percent"] == '0.0"%"'
    assert formats["matched_share"] == "0.0%"
    assert formats["recipients"] == "#,##0"
    assert formats["sent_at"] == "yyyy-mm-dd hh:mm"


def test_the_workbook_runs_nothing(report: WrittenReport) -> None:
    with ZipFile(report.folder / "lift.xlsx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name, part in parts.items() if "<f>" in part]
    assert not [name for name, part in parts.items() if "hyperlink" in part]
