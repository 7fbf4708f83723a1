"""The page about the assistant tells what its marts say, and no more."""

from steps.report.assistant import Assistant, questions
from steps.report.assistant.page import render_assistant
from steps.report.banner import Banner
from tests.helpers.page import Page
from tests.steps.conftest import WrittenReport
from tests.steps.report.assistant_rows import NOT_READ, NOTHING, assistant


def answers(of: Assistant) -> dict[str, str]:
    return {one.key: " ".join(one.sentences) for one in questions(of)}


def page(of: Assistant) -> Page:
    shown = Page(render_assistant(Banner("generation 1", None, [], []), of))
    shown.text = " ".join(shown.text.split())
    return shown


def test_the_four_questions_are_answered_by_the_marts() -> None:
    told = answers(assistant())
    assert (
        "Of 40 who signed up, 75% made a result and 60% kept one: downloaded or shared "
        "it. 25% of 32 came back on day 7 after signing up."
    ) in told["value"]
    assert "Signals of product-market fit, strong: sharing." in told["value"]
    assert told["use"] == (
        "In the week of 2026-10-19, of 32 days of people, they wanted most: make image "
        "50%, search 31.2%."
    )
    assert told["blockers"] == (
        "In the week of 2026-10-19 a tool failed for 7 of 28 people. Read in "
        "conversations: slow 30%."
    )
    assert told["money"] == (
        "8 of 40 people (20%) used up their credits. 75% of these came back on a later "
        "day."
    )


def test_without_a_model_what_is_measured_is_told() -> None:
    told = answers(assistant(**NOT_READ))
    assert told["value"].startswith("Of 40 who signed up, 75% made a result")
    assert told["use"] == ""
    assert told["money"].startswith("8 of 40 people")
    text = page(assistant(**NOT_READ)).text
    assert "No model has read any conversation" in text
    assert "No model was asked." in text
    assert "stand-in" not in text


def test_the_page_shows_groups_costs_and_what_it_rests_on() -> None:
    shown = page(assistant())
    assert shown.loaded == []
    assert "Read by a stand-in, not a language model." in shown.text
    assert "search 8 people, 31.2% (25% to 37.5%)" in shown.text
    assert "slow930%–" in shown.text
    assert "withheld 6 people" in shown.text
    assert "Too few people to tell anything: all groups are withheld." in shown.text
    assert "asked about without a valid answer 2" in shown.text
    assert "34 calls, 2 of them without a valid answer, 0.5 USD" in shown.text
    # weeks that are past are in the marts
    assert "make video" not in shown.text


def test_without_an_assistant_the_page_says_so(report: WrittenReport) -> None:
    assert "No assistant is loaded" in page(assistant(**NOTHING)).text
    assert "No assistant is loaded" in (report.folder / "assistant.html").read_text()
    assert "Where do they get stuck?" not in report.printed
