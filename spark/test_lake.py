"""Spark reads what has landed, whole or as it was before."""

from collections.abc import Callable
from contextlib import chdir
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from loaders.contract import read_contract
from loaders.lake import Lake, behind, publish, update
from loaders.lake_table import LakeTable, lake_tables
from loaders.load import create_missing
from loaders.load_all import load
from tests.conftest import change
from warehouse.connection import connect
from warehouse.errors import spark_failure
from warehouse.settings import SOURCE_VARIABLES, Settings
from warehouse.spark_connection import SparkConnection
from warehouse.states import read_states
from warehouse.tables import existing_tables, read
from warehouse.versions import check_loaded

USER = "00000000-0000-4000-8000-000000000001"
EVENTS = "staging_posthog.events"


def add_event(
    landing: str, name: str, moment: datetime, event_id: str = "uuid()"
) -> None:
    """Let an event land."""
    change(
        landing,
        "insert into staging_posthog.events "
        "(uuid, event, distinct_id_hash, timestamp, created_at) values "
        f"({event_id}, '{name}', 'a', '{moment.isoformat()}', '{moment.isoformat()}')",
    )


def events(connection: SparkConnection) -> set[str]:
    """Return the names of the events that Spark reads."""
    return set(read(connection, f"select event from {EVENTS}")["event"].to_pylist())


@pytest.fixture(scope="module")
def landing(url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a landing file that Spark reads, with one event and one user."""
    folder = tmp_path_factory.mktemp("lake")
    landing = f"duckdb:///{folder}/data/landing.duckdb"
    with chdir(folder):
        for source in read_contract()["sources"]:
            create_missing(source, landing)
    add_event(landing, "first", datetime(2026, 1, 1, 23, 59, 59, 999999, UTC))
    change(
        landing,
        "insert into staging_neon.users (id, id_hash, closet_value, is_trusted_trader) "
        f"values ('{USER}', 'a', 0.100000001, true)",
    )
    with connect(url) as connection:
        publish(landing, f"{folder}/data/lake", connection)
    return landing


@pytest.fixture
def lake_url(landing: str) -> str:
    """Where its files are."""
    return str(Path(landing.removeprefix("duckdb:///")).with_name("lake"))


@pytest.fixture
def update_again(
    landing: str, lake_url: str, connection: SparkConnection
) -> Callable[[], int]:
    """Give a function that writes what has changed; return how many files it wrote."""
    return lambda: publish(landing, lake_url, connection)


def test_every_table_is_there_with_its_values(
    landing: str,  # noqa: ARG001 - it is read through Spark
    connection: SparkConnection,
) -> None:
    """Also those that have no row; a UUID is text."""
    assert {table.name for table in lake_tables()} <= existing_tables(connection)
    query = "select id, closet_value, is_trusted_trader, email_hash from {}"
    ((row),) = read(connection, query.format("staging_neon.users")).to_pylist()
    assert row == {
        "id": USER,
        "closet_value": Decimal("0.100000001"),
        "is_trusted_trader": True,
        "email_hash": None,
    }
    assert not read(connection, "select * from staging_chemlink.persons").num_rows


def test_a_new_day_is_read_beside_the_others(
    landing: str, connection: SparkConnection, update_again: Callable
) -> None:
    """From one new file, and a load that brings nothing writes none."""
    add_event(landing, "new day", datetime(2026, 1, 2, tzinfo=UTC))
    assert update_again() == 1
    query = f"select event, timestamp from {EVENTS} where day_version like "
    days = [
        read(connection, f"{query} '{day}-%'").to_pylist()
        for day in ("2026-01-01", "2026-01-02")
    ]
    assert days == [
        [
            {
                "event": "first",
                "timestamp": datetime(2026, 1, 1, 23, 59, 59, 999999, UTC),
            }
        ],
        [
            {
                "event": "new day",
                "timestamp": datetime(2026, 1, 2, tzinfo=UTC),
            }
        ],
    ]
    assert update_again() == 0


def test_an_event_that_is_sent_again_after_midnight_is_in_the_file_of_the_first(
    landing: str, connection: SparkConnection, update_again: Callable
) -> None:
    """Else what is built of a day would not know which of them counts."""
    one, other = (f"'00000000-0000-0000-0000-00000000000{n}'" for n in (1, 2))
    add_event(landing, "first", datetime(2026, 2, 1, 23, 59, tzinfo=UTC), one)
    add_event(landing, "other", datetime(2026, 2, 2, 0, 1, tzinfo=UTC), other)
    update_again()
    add_event(landing, "again", datetime(2026, 2, 2, 0, 1, tzinfo=UTC), one)
    assert update_again() == 1
    found = read(
        connection,
        f"select event, substr(day_version, 1, 10) as day from {EVENTS} "
        "where day_version like '2026-02-%' order by 1",
    ).to_pylist()
    assert found == [
        {"event": "again", "day": "2026-02-01"},
        {"event": "first", "day": "2026-02-01"},
        {"event": "other", "day": "2026-02-02"},
    ]


def test_a_load_that_is_killed_after_its_files_is_repaired(
    landing: str, lake_url: str, connection: SparkConnection, update_again: Callable
) -> None:
    """Until then Spark reads what it did."""
    before = events(connection)
    add_event(landing, "killed early", datetime(2026, 1, 1, tzinfo=UTC))
    lake = Lake.at(lake_url)
    manifest = update(lake, landing, lake.read_manifest())
    assert events(connection) == before
    with connection.cursor() as cursor:
        tables = behind(cursor, lake.location, manifest)
        assert [table.name for table in tables] == [EVENTS]
    update_again()
    assert events(connection) == before | {"killed early"}


def test_a_load_that_is_killed_in_the_catalogue_is_repaired(
    landing: str,
    connection: SparkConnection,
    update_again: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No day is missing from what Spark reads meanwhile."""
    before = events(connection)
    add_event(landing, "killed late", datetime(2026, 1, 3, tzinfo=UTC))
    creation = LakeTable.creation

    def killed(*arguments: object) -> list[str]:
        drop, create, *_ = creation(*arguments)
        yield from (drop, create)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(LakeTable, "creation", killed)
        with pytest.raises(KeyboardInterrupt):
            update_again()
    assert events(connection) == before
    assert update_again() == 0  # the file is there
    assert events(connection) == before | {"killed late"}
    names = existing_tables(connection)
    assert not [name for name in names if name.endswith("unfinished")]


def test_a_landed_row_that_is_gone_is_gone(
    landing: str, connection: SparkConnection, update_again: Callable
) -> None:
    """And its day, if it was the last one of it."""
    add_event(landing, "gone", datetime(2026, 1, 4, tzinfo=UTC))
    update_again()
    change(landing, "delete from staging_posthog.events where event = 'gone'")
    update_again()
    assert "gone" not in events(connection)


def test_a_load_that_spark_left_is_read_after_the_next(
    url: str,
    landing: str,
    lake_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What landed stays, and one line says how to go on."""
    before, _ = seen(url)
    add_event(landing, "left", datetime(2026, 1, 1, tzinfo=UTC))
    settings = Settings(
        warehouse_url=url,
        telemetry_dir=str(tmp_path),
        pii_hash_key="a key for all tests",
    )
    monkeypatch.setenv("LAKE_URL", lake_url)

    def run() -> list[str]:
        with chdir(Path(lake_url).parents[1]):
            return load(["telemetry"], settings, False, False)

    with monkeypatch.context() as patch:
        patch.setattr("loaders.load_all.publish", ended)
        (failure,) = run()
    assert failure == (
        "WAREHOUSE_URL: the server ended the session: run it again when the server "
        "runs; what landed is in data/landing.duckdb: load again, and Spark reads it, "
        "too"
    )
    assert seen(url) == (before, "started")
    assert run() == []
    assert seen(url) == (before | {"left"}, "success")
    with connect(url) as connection:
        check_loaded(connection, SOURCE_VARIABLES)


def ended(*_: object) -> None:
    """Raise what a session that has ended raises."""
    raise spark_failure("UNAVAILABLE", "", "SparkConnectGrpcException")


def seen(url: str) -> tuple[set[str], str]:
    """Return what a new session reads: the events, and how a load has ended."""
    with connect(url) as connection:
        state = read_states(connection).get("load.telemetry")
        return events(connection), state.status if state else ""
