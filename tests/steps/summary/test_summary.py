"""What the day's files and the message tell."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.steps.summary.conftest import Webhook

LINES = [
    f"{now}; {before}" if before else now
    for now, before in (
        (
            "Signed up on 2026-10-31: 12 of 2,000 people (0.6%)",
            "the day before 10 of 1,000 (1%)",
        ),
        (
            "Active on 2026-10-31: 500 of 2,000 people (25%)",
            "the day before 450 of 1,000 (45%)",
        ),
        (
            "Back a week after signing up in the week of 2026-10-12: "
            "10 of 40 people (25%)",
            "the week before 12 of 40 (30%)",
        ),
        (
            "Pushes of the last 28 days that changed something: 1 of 2 pushes (50%)",
            "the 28 days before 0 of 1 (0%)",
        ),
        (
            "Assistant, results kept on 2026-10-31: 10 of 40 made (25%)",
            "the day before 10 of 40 (25%)",
        ),
        ("Assistant, people who came on 2026-10-31: 20", "the day before 20"),
        (
            "Assistant, failures on 2026-10-31: 5 of 50 jobs (10%)",
            "the day before 1 of 50 (2%)",
        ),
        (
            "Assistant, out of credits on 2026-10-31: 2 of 20 people (10%)",
            "the day before 2 of 20 (10%)",
        ),
        ("Systems not known to the last day: 1 of 2 systems (50%)", ""),
        ("Checks of the data that fail: 1 of 4 checks (25%)", ""),
    )
]


def test_ten_lines_stand_before_the_details(
    summarise: Callable, working_directory: Path
) -> None:
    ended = summarise()
    assert (ended.code, ended.told) == (0, "")
    folder = working_directory / "reports" / "summary"
    content = json.loads((folder / "2026-11-01.json").read_text())
    assert content["lines"] == LINES
    assert content["prose"] is None
    assert content["figures"][6]["before"] == 1
    page = (folder / "2026-11-01.md").read_text()
    above, details = page.split("\n\n## ", 1)
    assert above.splitlines()[-10:] == [f"* {line}" for line in LINES]
    assert "2026-10-25 Sale \\*today\\*, sessions: the push raised it (n 80)" in details
    assert "The app database is known until 2026-10-29 23:00 UTC" in details
    assert "sessions, event days: 25%. Look at the tracking." in details
    assert "stand-in-keywords is not good enough at use case: right in 50%" in details
    assert "Where do they get stuck? In the week of 2026-10-19 a tool failed" in details
    assert "Read by a stand-in, not a language model." in details
    assert ended.printed.splitlines()[1:] == [*LINES, "reports/summary/2026-11-01.md"]


def test_without_an_assistant_or_history_nothing_is_made_up(
    summarise: Callable, working_directory: Path
) -> None:
    printed = summarise(
        agg_assistant_daily=[],
        agg_assistant_funnel=[],
        agg_daily_metrics=[],
        agg_cohort_retention=[],
        agg_push_campaign_lift=[],
    ).printed
    assert "Signed up on the last day: not known; the day before not known" in printed
    assert "changed something: 0 of 0 pushes (–)" in printed
    assert "ssistant" not in printed


def test_a_night_that_failed_is_told(
    summarise: Callable, working_directory: Path
) -> None:
    (working_directory / "reports").mkdir()
    night = working_directory / "reports" / "night.md"
    night.write_bytes(b"# Night 7: FAILED\n\n\xff more\n")
    printed = summarise().printed
    title = "Summary of 2026-11-01. Night 7: FAILED: see reports/night.md"
    assert printed.splitlines()[0] == title


def test_a_message_goes_to_slack(summarise: Callable, webhook: Webhook) -> None:
    assert summarise({"SLACK_WEBHOOK_URL": webhook.url}).code == 0
    [received] = webhook.received
    assert json.loads(received)["text"].splitlines() == [
        "Summary of 2026-11-01",
        *LINES,
    ]


@pytest.mark.parametrize("webhook", [404], indirect=True)
def test_a_webhook_that_fails_is_told_and_the_files_are_there(
    summarise: Callable, webhook: Webhook, working_directory: Path
) -> None:
    ended = summarise({"SLACK_WEBHOOK_URL": webhook.url})
    assert ended.code == 1
    assert ended.told == (
        "error: SLACK_WEBHOOK_URL: 127.0.0.1 answers 404; the files are written: make "
        "a new webhook if Slack knows this one no more\n"
    )
    assert (working_directory / "reports" / "summary" / "2026-11-01.md").exists()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:9/T0/secret", "127.0.0.1 does not answer"),
        ("http://hooks.slack.com/T0/secret", "is no https address"),
        ("T0/secret", "is no https address"),
        (f"https://{'a' * 64}.example/T0/secret", "is no https address"),
    ],
)
def test_a_webhook_that_cannot_be_is_one_line_without_its_secret(
    summarise: Callable, url: str, told: str
) -> None:
    ended = summarise({"SLACK_WEBHOOK_URL": url})
    assert ended.code == 1
    assert told in ended.told
    assert "secret" not in ended.told
    assert ended.told.count("\n") == 1
