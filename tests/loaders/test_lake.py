"""Files for Spark: what has landed is in them, and only what has changed is written."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from loaders.lake import MANIFEST, Lake, Manifest, check_lake, update
from loaders.lake_table import FILE, lake_tables
from tests.conftest import change
from warehouse.errors import UserError

EVENT = """
insert into staging_posthog.events
    (uuid, event, distinct_id_hash, timestamp, created_at)
values ('{uuid}', 'Offer Created', 'a', '{timestamp}', '2026-01-03 00:00:00+00')
"""
UUID = "00000000-0000-4000-8000-00000000000{}"


def add_event(landing: str, number: int, timestamp: str) -> None:
    """Let an event land."""
    change(landing, EVENT.format(uuid=UUID.format(number), timestamp=timestamp))


@pytest.fixture
def landing(empty_warehouse: Callable) -> str:
    """The URL of a landing file with two events of one day, and one of the next."""
    url = empty_warehouse("duckdb")
    add_event(url, 1, "2026-01-01 00:00:00+00")
    add_event(url, 2, "2026-01-02 01:59:59.123456+02")
    add_event(url, 3, "2026-01-02 00:00:00+00")
    return url


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty folder."""
    return Lake.at(str(tmp_path / "lake"))


def write(lake: Lake, landing: str) -> Manifest:
    """Bring a lake up to date."""
    return update(lake, landing, lake.read_manifest())


def named(lake: Lake, name: str) -> dict[str, Path]:
    """Return the file of each day of a table, by the manifest."""
    (table,) = [table for table in lake_tables() if table.name == name]
    return {
        day: Path(lake.root) / table.folder(day, digest) / FILE
        for day, digest in lake.read_manifest()[name].items()
    }


def written(lake: Lake) -> dict[Path, int]:
    """Return all files, and when each was written."""
    return {path: path.stat().st_mtime_ns for path in Path(lake.root).rglob(FILE)}


def content(path: Path) -> list[tuple]:
    """Return the uuid and the time of each event of a file, in its order."""
    return duckdb.sql(
        f"select uuid, epoch_us(timestamp) from '{path}'"  # noqa: S608
    ).fetchall()


def test_an_event_is_in_the_file_of_its_utc_day(landing: str, lake: Lake) -> None:
    """In the order of time, whatever the zone was; a UUID is text, as in Spark."""
    write(lake, landing)
    files = named(lake, "staging_posthog.events")
    assert sorted(files) == ["2026-01-01", "2026-01-02"]
    assert content(files["2026-01-01"]) == [
        (UUID.format(1), 1_767_225_600_000_000),
        (UUID.format(2), 1_767_311_999_123_456),
    ]
    assert content(files["2026-01-02"]) == [(UUID.format(3), 1_767_312_000_000_000)]


def test_values_keep_their_types(landing: str, lake: Lake) -> None:
    """Times are instants, money is exact."""
    change(
        landing,
        "insert into staging_neon.users (id, id_hash, created_at, closet_value) values "
        f"('{UUID.format(7)}', 'a', '2026-01-01 12:00:00+02', 0.100000001)",
    )
    write(lake, landing)
    path = named(lake, "staging_neon.users")["whole"]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        (row,) = connection.execute(
            f"select id, created_at, closet_value, email_hash from '{path}'"  # noqa: S608
        ).fetchall()
    noon = datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert row[0] == UUID.format(7)
    assert row[1].astimezone(UTC) == noon
    assert row[2:] == (Decimal("0.100000001"), None)


def test_no_time_makes_a_day_of_its_own_that_cannot_be(
    landing: str, lake: Lake
) -> None:
    """Years of clocks that are wrong make two days, not thousands."""
    wrong = (
        "0044-03-15 (BC) 00:00:00+00",
        "1970-01-01 00:00:00+00",
        "1999-12-31 00:00:00+00",
    )
    for number, timestamp in enumerate((*wrong, "2100-01-01 00:00:00+00", "infinity")):
        add_event(landing, 4 + number, timestamp)
    write(lake, landing)
    files = named(lake, "staging_posthog.events")
    assert list(map(date.fromisoformat, files)) == [
        date(1999, 12, 31),
        date(2026, 1, 1),
        date(2026, 1, 2),
        date(2100, 1, 1),
    ]
    numbers = {day: len(content(path)) for day, path in files.items()}
    assert numbers == {
        "1999-12-31": 3,
        "2026-01-01": 2,
        "2026-01-02": 1,
        "2100-01-01": 2,
    }


def test_a_table_without_a_row_has_a_file(landing: str, lake: Lake) -> None:
    """Every declared table is there, with its columns."""
    write(lake, landing)
    path = named(lake, "staging_chemlink.persons")["whole"]
    assert duckdb.sql(f"from '{path}'").fetchall() == []


def test_the_next_load_writes_only_the_days_that_changed(
    landing: str, lake: Lake
) -> None:
    """A new day, a day of a late row, and none if nothing came."""
    write(lake, landing)
    first = written(lake)
    write(lake, landing)
    assert written(lake) == first
    add_event(landing, 4, "2026-01-03 00:00:00+00")
    write(lake, landing)
    second = written(lake)
    new_day = named(lake, "staging_posthog.events")["2026-01-03"]
    assert {path for path in second if second[path] != first.get(path)} == {new_day}
    add_event(landing, 5, "2026-01-01 12:00:00+00")
    write(lake, landing)
    late_day = named(lake, "staging_posthog.events")["2026-01-01"]
    assert written(lake).keys() - second.keys() == {late_day}
    assert len(content(late_day)) == 3  # noqa: PLR2004


def test_a_row_that_changed_or_went_is_no_longer_in_its_file(
    landing: str, lake: Lake
) -> None:
    """As after an erasure."""
    write(lake, landing)
    change(
        landing,
        "update staging_posthog.events set distinct_id_hash = '' "
        f"where uuid = '{UUID.format(1)}'",
    )
    change(
        landing, f"delete from staging_posthog.events where uuid = '{UUID.format(3)}'"
    )
    write(lake, landing)
    files = named(lake, "staging_posthog.events")
    assert list(files) == ["2026-01-01"]
    found = duckdb.sql(f"select distinct_id_hash from '{files['2026-01-01']}'")
    assert sorted(found.fetchall()) == [("",), ("a",)]


@pytest.mark.parametrize("puts", [0, 1, 40])
def test_a_killed_run_changes_nothing_that_counts(
    landing: str, lake: Lake, puts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next one ends as if it had run once."""
    before = write(lake, landing)
    change(landing, "insert into staging_neon.offers (id) values ('a')")
    add_event(landing, 4, "2026-01-03 00:00:00+00")
    with monkeypatch.context() as patch:
        if puts == 40:  # noqa: PLR2004 - when all files are there
            patch.setattr(Lake, "write_manifest", _killed)
        else:
            patch.setattr(Lake, "put", _killed_after(puts))
        with pytest.raises(KeyboardInterrupt):
            write(lake, landing)
    assert lake.read_manifest() == before
    after = write(lake, landing)
    assert len(content(named(lake, "staging_posthog.events")["2026-01-03"])) == 1
    lake.sweep(after)
    counted = {
        path for table in lake_tables() for path in named(lake, table.name).values()
    }
    assert written(lake).keys() == counted


def test_files_of_the_time_before_stay_until_the_next(landing: str, lake: Lake) -> None:
    """Who began to read them can go on."""
    first = write(lake, landing)
    (old,) = {named(lake, "staging_posthog.events")["2026-01-01"]}
    add_event(landing, 4, "2026-01-01 00:00:00+00")
    second = write(lake, landing)
    lake.sweep(first, second)
    assert old.exists()
    add_event(landing, 5, "2026-01-01 00:00:00+00")
    lake.sweep(second, write(lake, landing))
    assert not old.exists()


def test_the_order_in_which_rows_landed_changes_nothing(
    landing: str, lake: Lake, empty_warehouse: Callable
) -> None:
    """A landing file that was restored writes nothing anew."""
    manifest = write(lake, landing)
    other = empty_warehouse("duckdb")
    add_event(other, 3, "2026-01-02 00:00:00+00")
    add_event(other, 2, "2026-01-02 01:59:59.123456+02")
    add_event(other, 1, "2026-01-01 00:00:00+00")
    assert write(lake, other) == manifest


def test_a_new_landing_file_does_not_overwrite_a_lake(
    landing: str, lake: Lake, tmp_path: Path
) -> None:
    """What the sources have forgotten would be gone."""
    check_lake(landing, lake.root)
    write(lake, landing)
    check_lake(landing, lake.root)
    other = f"duckdb:///{tmp_path}/gone.duckdb"
    with pytest.raises(UserError, match=r"lake was written from .*gone\.duckdb, which"):
        check_lake(other, lake.root)
    change(other, "create table answers (content text)")
    with pytest.raises(UserError, match=r"lake was written from .*gone\.duckdb, which"):
        check_lake(other, lake.root)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s4://bucket", "LAKE_URL: this URL cannot be opened"),
        ("{}", "LAKE_URL: .* cannot be used: .*exists"),
    ],
)
def test_a_lake_that_is_none_is_told_in_one_line(
    url: str, told: str, landing: str, tmp_path: Path
) -> None:
    """Before anything is loaded."""
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(UserError, match=told) as raised:
        check_lake(landing, url.format(path))
    assert "\n" not in str(raised.value)


def test_a_manifest_that_is_none_is_told(landing: str, lake: Lake) -> None:
    """With how to go on."""
    write(lake, landing)
    Path(lake.root, MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="is no manifest: remove it and load again"):
        check_lake(landing, lake.root)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def _killed_after(count: int) -> Callable:
    put = Lake.put

    def killed(lake: Lake, path: Path, folder: str) -> None:
        nonlocal count
        if not count:
            raise KeyboardInterrupt
        count -= 1
        put(lake, path, folder)

    return killed
