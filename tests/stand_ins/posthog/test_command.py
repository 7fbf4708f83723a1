"""The stand-in on its own: a world, fixtures, a script of faults."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stand_ins.posthog import PostHogAddress, StandIn, running
from stand_ins.posthog.__main__ import main
from stand_ins.posthog.script_file import ScriptError, play_file
from tests.helpers.posthog.project import YESTERDAY, event_rows
from tests.stand_ins.posthog.client import ask, post, rows
from tests.stand_ins.posthog.exports import call, finished, start

PERSON = "00000000-0000-4000-8000-000000000001"
COUNT = "select count() from events"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A world of three events, a person, and a distinct id."""
    pq.write_table(event_rows(3, distinct_id="user"), tmp_path / "events.parquet")
    person = {"id": [PERSON], "created_at": [YESTERDAY], "is_identified": [True]}
    pq.write_table(
        pa.table({**person, "properties": ["{}"]}), tmp_path / "persons.parquet"
    )
    mapping = {"distinct_id": ["user"], "person_id": [PERSON], "version": [0]}
    pq.write_table(
        pa.table({**mapping, "is_deleted": [False]}),
        tmp_path / "person_distinct_ids.parquet",
    )
    return tmp_path


@pytest.fixture
def play(tmp_path: Path, stand_in: StandIn) -> Callable[[object], None]:
    """Give a function that plays a script."""

    def play_content(content: object) -> None:
        path = tmp_path / "script.json"
        path.write_text(json.dumps(content))
        play_file(stand_in, path)

    return play_content


@contextmanager
def started(*arguments: str) -> Iterator[PostHogAddress]:
    """Run the command; yield the address it tells."""
    process = subprocess.Popen(
        [sys.executable, "-m", "stand_ins.posthog", *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = [process.stdout.readline().strip() for _ in range(3)]
        settings = dict(line.split("=") for line in lines)
        yield PostHogAddress(
            settings["POSTHOG_HOST"],
            settings["POSTHOG_PROJECT_ID"],
            settings["POSTHOG_API_KEY"],
        )
    finally:
        process.terminate()
        process.communicate()


def test_a_world_is_served_as_of_its_own_end(world: Path) -> None:
    with running(world) as address:
        query = "select count(), max(person_id), now() from events"
        body = {"query": {"kind": "HogQLQuery", "query": query}}
        [[count, person_id, now]] = post(address, body).json()["results"]
    assert (count, person_id) == (3, PERSON)
    assert now.startswith("2026-10-30T13:00:")


def test_persons_may_be_missing(world: Path) -> None:
    (world / "persons.parquet").unlink()
    with running(world) as address:
        query = {"kind": "HogQLQuery", "query": "select count() from persons"}
        assert post(address, {"query": query}).json()["results"] == [[0]]


def test_it_runs_on_its_own(world: Path) -> None:
    script = world / "script.json"
    script.write_text('{"faults": [{"fault": "fails", "status": 503}]}')
    body = {"query": {"kind": "HogQLQuery", "query": COUNT}}
    lake = world / "lake"
    files = ("--events", str(world), "--script", str(script), "--lake", str(lake))
    with started("--fixtures", *files) as address:
        assert len(list(lake.iterdir())) == 2
        assert post(address, body).status_code == 503
        assert post(address, body).json()["results"] == [[50_526]]


def test_a_script_names_faults_and_when_they_are_played(
    stand_in: StandIn, play: Callable[[object], None]
) -> None:
    late = event_rows(2, 1000).slice(1).to_pylist()
    late[0] |= {name: "2026-10-01T00:00:00Z" for name in ("timestamp", "created_at")}
    play(
        {
            "faults": [
                {"fault": "fails", "status": 429, "retry_after": 5, "first": 2},
                {"fault": "claims_cache", "containing": "count()", "times": None},
                {"fault": "adds_events", "rows": late, "first": 3},
                {"fault": "answers_from_cache", "first": 3},
                {"fault": "repeats_page", "first": 4, "times": 2},
            ]
        }
    )
    answers = [ask(stand_in, COUNT) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["Retry-After"] == "5"
    assert answers[0].json()["is_cached"] is True
    assert [rows(stand_in, COUNT) for _ in range(2)] == [[[150]], [[151]]]
    stand_in.store.add("stored_events", event_rows(1, 2000))
    assert [rows(stand_in, COUNT) for _ in range(2)] == [[[151]], [[152]]]


def test_a_script_plans_exports(
    stand_in: StandIn, play: Callable[[object], None]
) -> None:
    plans = [{"statuses": ["Failed"]}, {"parts": 3, "extra_columns": {"new": "x"}}]
    play({"exports": plans})
    failed = call(stand_in, "GET", f"{start(stand_in)}/").json()
    assert failed["status"] == "Failed"
    run = call(stand_in, "GET", f"{finished(stand_in)}/").json()
    assert len(run["files"]) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"faults": [{"fault": "unknown"}]}, "unknown"),
        ({"faults": [{"fault": "resets", "status": 5}]}, "resets takes no status"),
        ({"faults": [{"fault": "fails"}]}, "status"),
        ({"faults": [{"status": 503}]}, "fault"),
        ({"exports": [{"partz": 3}]}, "partz"),
        ([], "list"),
    ],
)
def test_a_wrong_script_is_refused(
    play: Callable[[object], None], content: object, reason: str
) -> None:
    with pytest.raises(ScriptError, match=reason):
        play(content)


@pytest.mark.parametrize("option", ["--script", "--events"])
def test_a_file_that_is_missing_ends_the_command(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(sys, "argv", ["stand_ins.posthog", option, "nothing"])
    with pytest.raises(SystemExit):
        main()
    assert "nothing" in capsys.readouterr().err
