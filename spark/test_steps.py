"""The steps do on Spark what they do on DuckDB, and keep what may not be lost."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from spark.cluster import server
from spark.conftest import INTERPRETED
from steps.erase.__main__ import main as erase
from steps.insights.tables import TABLES, open_answers
from steps.lift.compute import RESULTS
from steps.night.journal import (
    FAILED,
    RUNNING,
    Recorded,
    create_journal,
    read_last,
    write_stages,
)
from steps.show import main as show
from steps.status.alerts import Alert
from steps.status.prune import prune
from steps.summary.alerts import untold
from tests.steps.export import ai_warehouse
from tests.steps.lift.people import cells, random_people, sent_to
from tests.steps.report.report_warehouse import write_report_warehouse
from tests.steps.report.test_report import RESULTS as CAMPAIGNS
from tests.steps.warehouses import (
    mart_table,
    read_rows,
    run_report,
    run_step,
    write_counts,
    write_tables,
)
from warehouse.dialect import SPARK
from warehouse.errors import UserError
from warehouse.roles import apply_roles
from warehouse.spark_connection import SparkConnection

ALL = "select * from"
BEGAN = datetime(2026, 11, 29, 3, tzinfo=UTC)
KILLED = """
import os
from steps.insights.tables import open_answers
from warehouse.connection import connect
url = os.environ["WAREHOUSE_URL"]
with connect(url) as warehouse, open_answers(url, warehouse) as answers:
    answers.write({"facets": [{"cache_key": "paid", "user_key": "ann"}]})
    os._exit(9)
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose catalogue no other test fills."""
    with server(tmp_path_factory.mktemp("steps"), "local[1]", INTERPRETED) as address:
        yield address


@pytest.fixture
def both(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Two warehouses, each with a folder to work in."""
    monkeypatch.setenv("LAKE_URL", str(tmp_path / "lake"))
    folders = {}
    for name in ("duckdb", "spark"):
        folder = tmp_path / name
        folder.mkdir()
        folders[url if name == "spark" else f"duckdb:///{folder}/a.duckdb"] = folder
    return folders


@pytest.fixture
def insights(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[dict]]:
    """Give a function that returns the answers that Spark has."""
    monkeypatch.chdir(tmp_path)
    tables = {
        f"insights.{name}": mart_table(f"stg_insights__{name}") for name in TABLES
    }
    write_tables(url, tables)
    return lambda: read_rows(
        url, "select cache_key, user_key from insights.facets order by cache_key"
    )


def test_the_lift_is_that_of_duckdb(both: dict[str, Path]) -> None:
    random = np.random.default_rng(9)
    arms = {"recipient": 80, "overlapping": 20, "reachable": 300, "unreachable": 300}
    worlds = {
        (campaign, "sessions"): random_people(random, arms)
        for campaign in ("first", "second")
    }
    counts = {key: sent_to(people) for key, people in worlds.items()}
    matched = pa.concat_tables([cells(people, *key) for key, people in worlds.items()])
    matched = matched.take(random.permutation(matched.num_rows))
    found = []
    for warehouse, folder in both.items():
        write_counts(warehouse, counts, matched=[matched])
        step = run_step("steps.lift", warehouse, folder)
        assert (step.returncode, step.stderr) == (0, "")
        assert run_step("steps.lift", warehouse, folder).stdout == step.stdout
        found.append(
            {
                name: sorted(map(repr, read_rows(warehouse, f"{ALL} lift.{name}")))
                for name in RESULTS
            }
        )
    expected, on_spark = found
    assert expected["campaign_lift"]
    assert on_spark == expected


def test_an_export_has_the_bytes_of_that_of_duckdb(both: dict[str, Path]) -> None:
    people = ai_warehouse.ai_table(ai_warehouse.PEOPLE, ai_warehouse.people())
    found = []
    for warehouse, folder in both.items():
        ai_warehouse.write_ai_warehouse(warehouse, {"ai_people": people})
        ai_warehouse.write_manifest(folder, {"ai_people": ai_warehouse.PEOPLE})
        code, _, errors = ai_warehouse.export(warehouse, folder)
        assert (code, errors) == (0, "")
        found.append(ai_warehouse.contents(folder / "exports"))
    expected, on_spark = found
    assert len(expected) > 5
    assert on_spark == expected


def test_a_report_is_that_of_duckdb(both: dict[str, Path]) -> None:
    found = []
    for warehouse, folder in both.items():
        write_report_warehouse(warehouse, CAMPAIGNS)
        report = run_report(warehouse, folder)
        assert (report.returncode, report.stderr) == (0, "")
        found.append((report.stdout, ai_warehouse.contents(folder / "reports")))
    expected, on_spark = found
    assert "Marts: not published" in expected[0]
    assert on_spark == expected


def test_a_table_is_shown_with_what_it_means(
    url: str,
    connection: SparkConnection,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_tables(url, {"core.days": pa.table({"day": ["a", None], "dau": [1, 2]})})
    with connection.cursor() as cursor:
        cursor.execute("comment on table core.days is 'One row per day.'")
        cursor.execute("alter table core.days alter column dau comment 'People.'")
    monkeypatch.setenv("WAREHOUSE_URL", url)
    monkeypatch.setattr(sys, "argv", ["show", "core.days"])
    assert show() == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "core.days. One row per day."
    assert [line.split() for line in shown[3:5]] == [
        ["day", "text"],
        ["dau", "bigint", "People."],
    ]
    assert [line.split() for line in shown[6:9]] == [
        ["day", "dau"],
        ["a", "1"],
        ["null", "2"],
    ]
    assert shown[-1] == "2 of 2 rows. Not published: the warehouse as it is now"


def test_no_answer_that_was_paid_is_lost_by_a_kill(
    url: str, connection: SparkConnection, insights: Callable
) -> None:
    environment = os.environ | {"WAREHOUSE_URL": url}
    code = subprocess.run(  # noqa: S603
        [sys.executable, "-c", KILLED], env=environment, check=False
    ).returncode
    assert (code, insights()) == (9, [])
    with open_answers(url, connection) as answers:
        assert answers.settled == {"paid"}
    assert insights() == [{"cache_key": "paid", "user_key": "ann"}]


def test_answers_of_another_machine_are_kept(
    url: str, connection: SparkConnection, insights: Callable
) -> None:
    with open_answers(url, connection) as answers:
        answers.write({"facets": [{"cache_key": "first", "user_key": "ann"}]})
    Path("data/landing.duckdb").unlink()
    with open_answers(url, connection) as answers:
        assert answers.settled == {"first"}
        answers.write({"facets": [{"cache_key": "second", "user_key": "bob"}]})
    assert [row["cache_key"] for row in insights()] == ["first", "second"]


def test_the_journal_keeps_the_last_state_of_a_stage(
    connection: SparkConnection,
) -> None:
    create_journal(connection)
    create_journal(connection)
    assert read_last(connection) == []
    begun = Recorded(1, "load", RUNNING, BEGAN, None, None, "", "code", 0)
    ended = replace(
        begun,
        status=FAILED,
        ended_at=BEGAN + timedelta(seconds=65),
        told='it\'s over\\ in C:\\n\n"quotes"',
    )
    write_stages(connection, [begun])
    write_stages(connection, [ended])
    assert read_last(connection) == [ended]
    second = replace(begun, night=2)
    write_stages(connection, [second])
    assert read_last(connection) == [second]


def test_an_alert_is_told_once_and_once_that_it_is_over(
    url: str, both: dict[str, Path]
) -> None:
    assert url in both
    alert = Alert(
        *("one", "deviation", "critical", "load.seconds", {}, "9 instead of 1", 1),
        *(BEGAN, BEGAN, None),
    )
    with pytest.raises(UserError), untold(url, [alert]):
        raise UserError("Slack does not answer")
    told = []
    for alerts in ([alert], [alert], [replace(alert, resolved_at=BEGAN)]):
        with untold(url, alerts) as news:
            told.append(len(news))
    assert told == [1, 0, 1]


@pytest.mark.parametrize(
    "text", ["it's", "a\\b\\'", "line\nbreak", 'x"y', "${env:HOME}", "é👟"]
)
def test_a_text_arrives_as_it_is(text: str, url: str) -> None:
    assert read_rows(url, f"select {SPARK.literal(text)} as text") == [{"text": text}]


def test_what_spark_lacks_is_refused_in_one_line(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", url)
    monkeypatch.setattr(sys, "argv", ["erase", "ann@mail.example"])
    assert erase() == 1
    assert "delete the person in the sources" in capsys.readouterr().err
    with pytest.raises(UserError, match="tables lose no rows"):
        prune(url, is_applied=False)
    with pytest.raises(UserError, match="whose catalogue has roles of its own"):
        apply_roles(url)
