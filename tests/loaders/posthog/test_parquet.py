"""The Parquet files of PostHog, as rows."""

import io
import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.posthog.modes.parquet import ROWS_PER_BATCH, ExportedFile
from stand_ins.posthog import Store, fixtures
from stand_ins.posthog.parquet import Interval, Make, export
from tests.helpers.posthog.project import NAMES, NOW, YESTERDAY, event_rows
from warehouse.errors import UserError

ALL = Interval(datetime(2000, 1, 1, tzinfo=UTC), NOW)


def exported(rows: pa.Table, make: Make | None = None) -> pa.Table:
    """Return the rows of the file that PostHog makes of events."""
    store = Store("America/New_York")
    store.add("stored_events", rows)
    [content] = (make or Make()).files(export(store, "events", ALL, NOW))
    return pq.read_table(io.BytesIO(content))


def file_of(rows: pa.Table) -> ExportedFile:
    content = io.BytesIO()
    pq.write_table(rows, content)
    return ExportedFile("some.parquet", content)


def read(rows: pa.Table, names: tuple[str, ...] = NAMES) -> list[dict]:
    return pa.concat_tables(file_of(rows).events(names)).to_pylist()


def test_a_row_arrives_whole_and_in_utc() -> None:
    properties = {"$session_id": "s", "$os": "iOS", "$lib": "web", "age": 33}
    rows = event_rows(
        1,
        timestamp=datetime(2026, 7, 1, 2, 0, 0, 1, tzinfo=UTC),
        properties=json.dumps(properties),
    )
    assert read(exported(rows)) == [
        {
            "uuid": "00000000-0000-0000-0000-000000000000",
            "event": "$pageview",
            "distinct_id": "user 0",
            "person_id": "00000000-0000-0001-0000-000000000000",
            "timestamp": datetime(2026, 7, 1, 2, 0, 0, 1, tzinfo=UTC),
            "created_at": YESTERDAY,
            "session_id": "s",
            "os": "iOS",
            "lib": "web",
        }
    ]


def test_bytes_that_are_no_text_stop_no_file() -> None:
    rows = exported(event_rows(2))
    broken = pa.array([b"user \xff", b"user 1"]).view(pa.string())
    at = rows.column_names.index("distinct_id")
    landed = read(rows.set_column(at, "distinct_id", broken))
    assert {row["distinct_id"] for row in landed} == {
        "user \N{REPLACEMENT CHARACTER}",
        "user 1",
    }


@pytest.mark.parametrize(
    ("properties", "os"),
    [
        ('{"$os": "iOS", "$set": {"$os": "other"}}', "iOS"),
        ('{"$os": "say \\"hi\\" \\u00e9 \N{ROCKET}"}', 'say \\"hi\\" é \N{ROCKET}'),
        ('{"$os": 17}', "17"),
        ('{"$set": {"$os": "other"}}', None),
        ('{"$os": ""}', None),
        ('{"$os": null}', None),
        ('{"$os": "null"}', None),
        ("{}", None),
        ("", None),
        (None, None),
        ('["$os"]', None),
        ('{"$os": "iOS"', None),
    ],
)
def test_a_property_is_what_hogql_makes_of_it(
    properties: str | None, os: str | None
) -> None:
    rows = event_rows(3, properties=["{}", properties, '{"$os": "last"}'])
    assert [row["os"] for row in read(exported(rows))] == [None, os, "last"]


def test_only_the_named_events_are_taken() -> None:
    rows = fixtures.with_awkward_names(YESTERDAY)
    file = exported(rows)
    for row in rows.to_pylist():
        [taken] = read(file, (row["event"],))
        assert (taken["uuid"], taken["event"]) == (row["uuid"], row["event"])
    assert len(read(file, tuple(rows["event"].to_pylist()))) == len(rows)
    assert list(file_of(file).events(["its"])) == []


def test_a_time_may_lie_in_any_year_and_on_one_microsecond() -> None:
    rows = pa.concat_tables(
        [
            fixtures.at_impossible_times(YESTERDAY),
            fixtures.on_one_microsecond(YESTERDAY),
        ]
    )
    taken = read(exported(rows))
    expected = {row["uuid"]: row["timestamp"] for row in rows.to_pylist()}
    assert len(taken) == len(expected) == 505
    assert {row["uuid"]: row["timestamp"] for row in taken} == expected


def test_a_large_file_comes_in_batches() -> None:
    rows = exported(event_rows(2 * ROWS_PER_BATCH + 1))
    batches = list(file_of(rows).events(NAMES))
    assert max(len(batch) for batch in batches) <= ROWS_PER_BATCH
    assert pa.concat_tables(batches)["uuid"] == rows["uuid"]


def test_columns_may_move_and_new_ones_may_come() -> None:
    rows = exported(event_rows(3), Make(extra_columns={"new": "x"}))
    assert read(rows.select(rows.column_names[::-1])) == read(rows)


def test_times_without_a_zone_are_utc_and_texts_may_be_large() -> None:
    rows = exported(event_rows(3))
    kinds = {pa.string(): pa.large_string(), rows["timestamp"].type: pa.timestamp("ms")}
    other = pa.schema([field.with_type(kinds[field.type]) for field in rows.schema])
    assert read(rows.cast(other)) == read(rows)


@pytest.mark.parametrize("column", ["uuid", "person_id", "properties", "created_at"])
def test_a_column_that_is_missing_is_named(column: str) -> None:
    rows = exported(event_rows(3), Make(missing_columns=[column]))
    with pytest.raises(UserError, match=f"some.parquet lacks {column}: "):
        read(rows)


@pytest.mark.parametrize(
    ("column", "kind"), [("timestamp", pa.string()), ("uuid", pa.binary())]
)
def test_a_column_that_changed_type_is_named(column: str, kind: pa.DataType) -> None:
    rows = exported(event_rows(3))
    changed = rows.set_column(
        rows.column_names.index(column), column, rows[column].cast(kind)
    )
    with pytest.raises(UserError, match=f"{column} of some.parquet is {kind} and"):
        read(changed)


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_named(share: float) -> None:
    content = io.BytesIO()
    pq.write_table(exported(event_rows(100)), content)
    content.truncate(int(content.tell() * share))
    file = ExportedFile("some.parquet", content)
    with pytest.raises(UserError, match="some.parquet cannot be read") as error:
        list(file.events(NAMES))
    assert "\n" not in str(error.value)


def test_a_file_that_is_damaged_inside_is_named() -> None:
    content = io.BytesIO()
    pq.write_table(exported(event_rows(100)), content)
    content.getbuffer()[4:2000] = bytes(1996)
    with pytest.raises(UserError, match="some.parquet cannot be read"):
        list(ExportedFile("some.parquet", content).events(NAMES))


def test_rows_that_are_promised_and_missing_are_told() -> None:
    content = io.BytesIO()
    pq.write_table(exported(event_rows(150)), content)
    # The number of rows in the footer, in the integers of Thrift: 150 becomes 152.
    lie = content.getvalue().replace(b"\x16\xac\x02", b"\x16\xb0\x02", 1)
    file = ExportedFile("some.parquet", io.BytesIO(lie))
    assert file.row_count == 152
    with pytest.raises(UserError, match="some.parquet has 152 rows but gave 150"):
        list(file.events(NAMES))
