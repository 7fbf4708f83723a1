"""Tables on Spark are read and written as on the other engines."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psutil
import pyarrow as pa
import pytest

from spark.cluster import SERVER, SERVER_MEMORY
from spark.execute import execute
from warehouse import states, versions
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.one_writer import one_writer
from warehouse.spark_connection import SparkConnection
from warehouse.tables import (
    append_rows,
    create_table,
    existing_tables,
    read,
    replace_rows,
    stream,
)

ENDLESS = """
import sys
from warehouse.connection import connect
from warehouse.one_writer import one_writer
with one_writer(sys.argv[1], "build"), connect(sys.argv[1]) as connection:
    print("begins", flush=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "create table core.endless as "
            "select max(hash(id)) as most from range(0, 1000000000000, 1, 2)"
        )
"""
GOES_ON = """
import sys
from pyspark.sql.connect.session import SparkSession
from warehouse.one_writer import one_writer
with one_writer(sys.argv[1], "dbt build"):
    session = SparkSession.builder.remote(sys.argv[1]).getOrCreate()
    print(session.sql("select 1 as one").collect())
"""
NOON = datetime(2026, 3, 29, 12, 30, 15, 123456, tzinfo=UTC)
TABLE = {
    "name": "text",
    "count": "bigint",
    "share": "double precision",
    "seen_at": "timestamptz",
    "is_open": "boolean",
}
ROW = {"name": "a'b\\", "count": 2**60, "share": 0.1, "seen_at": NOON, "is_open": True}
NOTHING = dict.fromkeys(ROW)


@pytest.fixture
def table(connection: SparkConnection) -> str:
    """The name of an empty table of the schema core."""
    create_table(connection, "core.things", TABLE)
    replace_rows(connection, "core", "things", pa.table({}))
    return "core.things"


@pytest.mark.usefixtures("url")
def test_the_server_has_its_memory() -> None:
    heaps = {
        argument
        for process in psutil.Process().children(recursive=True)
        # of one that has just ended there is none
        if SERVER in (line := process.as_dict(["cmdline"])["cmdline"] or [])
        for argument in line
        if argument.startswith("-Xmx")
    }
    assert heaps == {f"-Xmx{SERVER_MEMORY}"}


def test_rows_come_back_as_they_were(connection: SparkConnection, table: str) -> None:
    rows = pa.Table.from_pylist([ROW, NOTHING])
    replace_rows(connection, "core", "things", rows)
    query = f"select * from {table} order by name nulls last"
    assert read(connection, query).to_pylist() == [ROW, NOTHING]
    assert read(connection, query).schema.field("seen_at").type == pa.timestamp(
        "us", "UTC"
    )


def test_new_rows_replace_the_old_ones(connection: SparkConnection, table: str) -> None:
    for name in ("old", "new"):
        rows = pa.Table.from_pylist([ROW | {"name": name}])
        replace_rows(connection, "core", "things", rows)
    assert read(connection, f"select name from {table}").to_pylist() == [
        {"name": "new"}
    ]
    with pytest.raises(UserError, match="count, is_open, seen_at, share not in both"):
        replace_rows(connection, "core", "things", pa.table({"name": ["other"]}))
    replace_rows(connection, "core", "things", pa.table({}))
    assert read(connection, f"select * from {table}").num_rows == 0


def test_rows_are_appended_by_name(connection: SparkConnection, table: str) -> None:
    with connection.cursor() as cursor:
        append_rows(cursor, "things", pa.table({"share": [1.5], "name": ["b"]}), "core")
        append_rows(cursor, "things", pa.Table.from_pylist([ROW]), "core")
    query = f"select * from {table} order by name"
    assert read(connection, query).to_pylist() == [
        ROW,
        NOTHING | {"name": "b", "share": 1.5},
    ]


def test_rows_are_streamed(connection: SparkConnection) -> None:
    batches = list(stream(connection, "select id from range(100000)"))
    assert sum(batch.num_rows for batch in batches) == 100_000
    assert len(batches) > 1


def test_values_are_those_of_python(connection: SparkConnection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select cast(? as string), date '2026-03-29', 1.10, null "
            "union all select 'b', null, null, null order by 1 nulls last",
            ["a"],
        )
        first = ("a", date(2026, 3, 29), Decimal("1.10"), None)
        assert cursor.fetchone() == first
        assert cursor.fetchall() == [("b", None, None, None)]
        assert cursor.fetchone() is None
        cursor.execute("select 1 where 1 = 0")
        assert cursor.fetchall() == []


def test_the_session_has_the_settings_that_the_models_need(
    connection: SparkConnection,
) -> None:
    told = read(
        connection,
        "select current_timezone() as zone, "
        "date_trunc('day', timestamp '2026-03-29 12:30:00+05:30') as day",
    ).to_pylist()
    assert told == [{"zone": "UTC", "day": datetime(2026, 3, 29, tzinfo=UTC)}]
    with pytest.raises(UserError, match="a value does not fit"):  # ANSI
        read(connection, "select cast('secret' as int)")


def test_tables_and_views_exist_for_other_sessions_too(
    url: str, connection: SparkConnection, table: str
) -> None:
    execute(connection, f"create or replace view core.shown as select * from {table}")
    execute(connection, "create temporary view seen_here as select 1 as one")
    assert {"core.things", "core.shown", "seen_here"} <= existing_tables(connection)
    with connect(url) as other:
        names = existing_tables(other)
        assert {"core.things", "core.shown"} <= names
        assert "seen_here" not in names


def test_of_each_state_the_newest_stands(connection: SparkConnection) -> None:
    execute(connection, f"drop table if exists {states.TABLE}")
    states.record(connection, {"load.neon": states.STARTED})
    states.record(connection, {"load.neon": states.SUCCESS})
    # as dbt does, which adds rows
    execute(
        connection,
        f"insert into {states.TABLE} values "
        "('model.a', 3, 2, 'success', now()), ('model.a', 3, 2, 'started', now())",
    )
    states.record(connection, {"load.posthog": states.ERROR})
    found = states.read_states(connection)
    assert {
        name: (one.status, one.run, one.load_run) for name, one in found.items()
    } == {
        "load.neon": ("success", 2, 1),
        "model.a": ("success", 3, 2),
        "load.posthog": ("error", 4, 2),
    }
    assert read(connection, f"select * from {states.TABLE}").num_rows == len(found)


def test_the_version_is_kept(connection: SparkConnection) -> None:
    execute(connection, f"drop table if exists {versions.TABLE}")
    versions.record_version(connection, versions.BUILD)
    versions.record_version(connection, versions.loaded_part("neon"))
    versions.check_built(connection)
    execute(connection, "create schema if not exists staging_neon")
    execute(
        connection, "create table if not exists staging_neon._loads (table_name string)"
    )
    versions.check_loaded(connection, ["neon", "posthog"])
    query = f"select part, version from {versions.TABLE} order by part"
    assert read(connection, query).to_pylist() == [
        {"part": part, "version": versions.project_version()}
        for part in ("build", "load.neon")
    ]


def test_what_a_killed_writer_left_running_is_ended(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKE_URL", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS, url], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout.readline() == "begins\n"
        time.sleep(5)  # until both workers are busy with it
        writer.kill()
    with one_writer(url, "load"), connect(url) as connection:
        assert read(connection, "select id from range(0, 2, 1, 2)").num_rows == 2


def test_dbt_goes_on_after_a_killed_writer_whose_session_had_ended(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the session that pyspark holds for the default."""
    monkeypatch.setenv("LAKE_URL", str(tmp_path))
    with connect(url) as connection:
        ended = connection.session.session_id
    (tmp_path / "warehouse.sessions").write_text(f"{ended}\n")
    told = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", GOES_ON, url], capture_output=True, text=True, check=True
    )
    assert told.stdout == "[Row(one=1)]\n"
