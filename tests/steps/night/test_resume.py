"""Where a night goes on, by what is recorded of the last one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from steps.night.journal import FAILED, RUNNING, SKIPPED, SUCCESS, Recorded
from steps.night.resume import stages_to_run

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)
BEGAN = NOW - timedelta(hours=1)
ALL = [
    *("load", "build", "lift", "insights", "marts"),
    *("test", "telemetry", "publish", "report", "export", "summary"),
]


def recorded(statuses: str, **changes: object) -> list[Recorded]:
    """Return a night whose stages ended like that: a letter for each."""
    letters = {"+": SUCCESS, "-": FAILED, "?": RUNNING, ".": SKIPPED}
    return [
        replace(
            Recorded(7, stage, letters[letter], BEGAN, BEGAN, None, "", "code", 3),
            **changes,
        )
        for stage, letter in zip(ALL, statuses, strict=False)
    ]


def left(last: list[Recorded], code: str = "code", load_run: int = 3) -> list[str]:
    """Return the names of the stages that are to be run now."""
    return [stage.name for stage in stages_to_run(last, code, load_run, NOW)]


@pytest.mark.parametrize(
    ("statuses", "first"),
    [
        ("+?", "build"),  # killed while it was built
        ("++?", "lift"),
        ("++-+..+...+", "lift"),  # want of memory
        ("+++-+++++++", "insights"),  # the model was down
        ("+++++?", "test"),
        ("+++++++-..+", "publish"),  # somebody's view would break
        ("+++++++++-+", "export"),  # the disk was full
        ("++++++++++-", "summary"),  # nobody answered at the webhook
    ],
)
def test_what_was_cut_off_goes_on_where_it_stopped(statuses: str, first: str) -> None:
    assert left(recorded(statuses)) == ALL[ALL.index(first) :]


@pytest.mark.parametrize(
    "statuses",
    [
        "",  # the first night ever
        "?",
        "-++++++++++",  # a source was down
        "-+?",
        "+++++-+-..+",  # a test is red
        "+++++++++++",
    ],
)
def test_what_needs_other_data_begins_anew(statuses: str) -> None:
    assert left(recorded(statuses)) == ALL


def test_another_project_or_a_later_load_begins_anew() -> None:
    killed = recorded("++?")
    assert left(killed, code="mended") == ALL
    assert left(killed, load_run=4) == ALL


def test_yesterdays_night_does_not_go_on_today() -> None:
    assert left(recorded("++?", started_at=NOW - timedelta(hours=23))) == ALL


def test_a_clock_that_was_set_back_begins_anew() -> None:
    assert left(recorded("++?", started_at=NOW + timedelta(hours=2))) == ALL
