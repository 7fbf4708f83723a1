"""Files of samples as apps and collectors write them: what lands, and what does not."""

import gzip
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from opentelemetry.sdk.metrics.export import AggregationTemporality

from loaders.contract import tables_of
from loaders.load import create_missing
from loaders.telemetry import SamplesTable, catalogue
from loaders.telemetry.lines import LONGEST_LINE
from tests.conftest import REPOSITORY, query
from tests.helpers.instrumented_app import (
    EXPORT_SECONDS,
    MEMORY,
    STARTS,
    VERSION,
    run_app,
)
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.tables import append_rows

TEMPORALITIES = [AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE]
AT, LATER = "2026-11-01T10:00:00Z", "2026-11-01T11:00:00Z"
CATALOGUE = """metric,type,unit,allowed_tags
app.starts,counter,{start},platform|version
app.export_seconds,histogram,s,format
app.memory,gauge,By,device_id
app.latency,summary,s,
app.odd,meter,s,
"""


@dataclass
class Feed:
    """A folder of files, and the warehouse that they are loaded into."""

    url: str
    folder: Path
    folders: dict[str, Path] = field(init=False)

    def __post_init__(self) -> None:
        self.folders = {"app": self.folder}

    def load(self) -> int:
        """Load what is new; return how many samples and files were rejected."""
        table = SamplesTable(*tables_of("telemetry"), folders=self.folders)
        with connect(self.url) as connection:
            return table.land(connection, "")

    def write(self, *lines: object, name: str = "a.jsonl") -> Path:
        """Add lines to a file: bytes as they are, or objects as JSON."""
        path = self.folder / name
        with path.open("ab") as file:
            for line in lines:
                is_raw = isinstance(line, bytes)
                file.write(line if is_raw else json.dumps(line).encode() + b"\n")
        return path

    def samples(self, columns: str = "metric, value") -> list[tuple]:
        """Return what has landed."""
        return query(
            self.url,
            f"select {columns} from staging_telemetry.samples "
            "order by observed_at, metric, quantile, value",
        )


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("telemetry") / "warehouse.duckdb"
    create_missing("telemetry", f"duckdb:///{path}")
    return path


@pytest.fixture
def feed(
    tmp_path: Path, empty_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Feed]:
    """An empty folder and an empty warehouse."""
    seed = tmp_path / "metric_catalog.csv"
    seed.write_text(CATALOGUE)
    monkeypatch.setattr(catalogue, "CATALOGUE", seed)
    shutil.copy(empty_file, tmp_path)
    (tmp_path / "feed").mkdir()
    yield Feed(f"duckdb:///{tmp_path}/warehouse.duckdb", tmp_path / "feed")


def start(value: object = 1, **others: object) -> dict:
    """Return a sample of our own shape."""
    return {"metric": "app.starts", "value": value, "observed_at": AT, **others}


def nanoseconds(minute: int) -> str:
    """Return a minute after ten as OTLP writes times."""
    moment = datetime(2026, 11, 1, 10, tzinfo=UTC) + timedelta(minutes=minute)
    return str(int(moment.timestamp()) * 10**9)


def otlp(
    *points: dict,
    metric: str = "app.starts",
    kind: str = "sum",
    process: str = "one",
    temporality: int = 2,
    **others: object,
) -> dict:
    """Return a line of OTLP, whose points have minutes instead of times."""
    data = {"dataPoints": [_point(**point) for point in points]}
    if kind in ("sum", "histogram"):
        data["aggregationTemporality"] = temporality
    if kind == "sum":
        data["isMonotonic"] = others.pop("is_monotonic", True)
    instance = {"key": "service.instance.id", "value": {"stringValue": process}}
    return {
        "resourceMetrics": [
            {
                "resource": {"attributes": [instance]},
                "scopeMetrics": [{"metrics": [{"name": metric, kind: data, **others}]}],
            }
        ]
    }


def _point(at: int, since: int = 0, **content: object) -> dict:
    return {
        "startTimeUnixNano": nanoseconds(since),
        "timeUnixNano": nanoseconds(at),
        **content,
    }


def test_a_line_is_a_sample(feed: Feed) -> None:
    feed.write(
        start(3, tags={"version": "1.2.3.4", "platform": "ios"}, run_id="night-7"),
        {
            **{"metric": "app.latency", "type": "summary", "value": 0.25},
            **{"quantile": 0.5, "observed_at": "2026-11-01T12:00:00.000001+01:00"},
        },
    )
    assert feed.load() == 0
    first, second = feed.samples(
        "metric, value, sample_count, quantile, observed_at, tags, run_id, feed"
    )
    ten = datetime(2026, 11, 1, 10, tzinfo=UTC)
    tags = '{"platform": "ios", "version": "1.2.3.4"}'
    assert first == ("app.starts", 3, 1, None, ten, tags, "night-7", "app")
    later = ten + timedelta(hours=1, microseconds=1)
    assert second == ("app.latency", 0.25, 1, 0.5, later, "{}", None, "app")


REJECTED = [
    (start(metric="app.unheard"), "the metric is not in the seed"),
    (start(metric="app.odd"), "the metric is not in the seed"),
    (start(type="gauge"), "another type"),
    (start(tags={"city": "x"}), "not among the allowed_tags"),
    (start(tags={"platform": "ann@mail.example"}), "may be personal"),
    (start(float("nan")), "not finite"),
    (start(float("inf")), "not finite"),
    (start(10**400), "not finite"),
    (start(1e16), "not finite"),
    (start(-1), "a counter is below 0"),
    (start("12"), "no number"),
    (start(True), "no number"),
    (start(observed_at="2026-11-01T10:00:00"), "has no offset"),
    (start(observed_at="2999-01-01T00:00:00Z"), "in the future"),
    (start(observed_at="1970-01-01T00:00:00Z"), "before 2000"),
    (start(quantile=0.5), "a summary has a quantile"),
    (start(metric="app.latency", quantile=7), "not between 0 and 1"),
    (start(run_id="ann@mail.example"), "run_id"),
    (start(observed_at=5), "no JSON of a sample or of OTLP"),
    ({"value": 1}, "no JSON of a sample or of OTLP"),
    (["metric"], "no JSON of a sample or of OTLP"),
    (b"\xff\xfe\x00\n", "no JSON of a sample or of OTLP"),
    (b"[" * 100_000 + b"\n", "no JSON of a sample or of OTLP"),
    ({"resourceMetrics": [5]}, "no JSON of a sample or of OTLP"),
]


def test_what_is_no_sample_is_counted_and_named_once(
    feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    feed.write(*(line for line, _ in REJECTED), start())
    assert feed.load() == len(REJECTED)
    assert feed.samples() == [("app.starts", 1)], "nothing else stops"
    lines = [one.message for one in caplog.records if " rejected: " in one.message]
    for told, count in Counter(told for _, told in REJECTED).items():
        [line] = [line for line in lines if told in line]
        assert line.startswith(f"telemetry: {count} rejected: ")
        lines.remove(line)
    assert lines == []
    assert "; the first in a.jsonl, byte 0" in caplog.text
    assert "ann@" not in caplog.text
    assert feed.load() == 0, "what was rejected is not read again"


@pytest.mark.parametrize(
    ("name", "value", "is_personal"),
    [
        ("platform", "ann@mail.example", True),
        ("platform", "Ann Smith", True),
        ("platform", "/home/ann/take.wav", True),
        ("platform", "~/take.wav", True),
        ("platform", "C:/Users/ann", True),
        ("platform", "data/home/ann", True),
        ("platform", "10.0.0.7", True),
        ("platform", "10.0.0.7:8080", True),
        ("platform", "2001:db8::1", True),
        ("platform", "+4915112345678", True),
        ("platform", "123e4567-e89b-12d3-a456-426614174000", True),
        ("platform", "user-4711", True),
        ("platform", "", True),
        ("user_id", "ann", True),
        ("user_id", "4f" * 16, False),
        ("version", "1.2.3.4", False),
        ("app.version", "120.0.6099.109", False),
        ("platform", "lift.compute", False),
        ("platform", "read/write", False),
        ("platform", "audio/wav", False),
        ("platform", "TimeoutError", False),
        ("platform", "gpt-4o-mini-2024", False),
        ("platform", "user.created", False),
        ("platform", "404", False),
        ("platform", "C++", False),
    ],
)
def test_a_tag_holds_nothing_personal(name: str, value: str, is_personal: bool) -> None:
    assert catalogue.is_personal(name, value) is is_personal


def test_a_metric_of_an_unknown_type_is_named(
    feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    assert feed.load() == 0
    [record] = caplog.records
    assert "the samples of app.odd are rejected, as its type" in record.message


def test_a_file_is_read_once_whatever_becomes_of_it(feed: Feed) -> None:
    path = feed.write(start(1), start(2), b'{"metric": "app.sta')
    assert feed.load() == 0, "the last line waits"
    assert [value for _, value in feed.samples()] == [1, 2]
    feed.write(b'rts", "value": 3, "observed_at": "2026-11-01T10:00:00Z"}\n')
    assert feed.load() == 0
    path.rename(path.with_name("a.jsonl.1"))
    feed.write(start(4))
    assert feed.load() == 0
    rotated = path.with_name("a.jsonl.1")
    packed = gzip.compress(rotated.read_bytes())
    rotated.unlink()
    feed.write(packed, name="a.jsonl.1.gz")
    feed.write(start(5), b"\n")
    assert feed.load() == 0
    assert [value for _, value in feed.samples()] == [1, 2, 3, 4, 5]
    assert feed.load() == 0


def test_a_last_line_without_an_end_is_whole_if_it_is_json(feed: Feed) -> None:
    feed.write(json.dumps(start(1)).encode())
    assert feed.load() == 0
    feed.write(b"\n", start(2))
    assert feed.load() == 0
    assert [value for _, value in feed.samples()] == [1, 2]


def test_a_file_that_was_cut_is_read_anew_and_nothing_counts_twice(
    feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    path = feed.write(start(1), start(2))
    feed.load()
    first, _ = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first)
    feed.write(start(3))  # it is as long as before
    assert feed.load() == 1
    assert [value for _, value in feed.samples()] == [1, 2, 3]
    assert "they came before, and count once" in caplog.text


def test_a_file_that_cannot_be_read_stops_no_other(
    feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    whole = gzip.compress(b"".join(json.dumps(start(n)).encode() + b"\n" for n in [1]))
    damaged = bytearray(whole)
    damaged[-6] ^= 255  # of the checksum
    feed.write(bytes(damaged), name="damaged.gz")
    feed.write(whole[:-12], name="growing.gz")
    feed.write(whole[:-12], name="cut-off.gz")
    os.utime(feed.folder / "cut-off.gz", (0, 0))
    feed.write(start(2))
    zeros = gzip.compress(bytes(2 * LONGEST_LINE))
    feed.write(zeros, name="bomb.gz")
    feed.write(start(3), bytes(LONGEST_LINE), name="endless")
    feed.folder.joinpath("round").symlink_to("round")
    feed.folder.joinpath("folder.jsonl").mkdir()
    assert feed.load() == 4
    assert "2 rejected: a file cannot be read (it is no whole gzip file)" in caplog.text
    assert "2 rejected: a file has a line of more than 16 MB" in caplog.text
    assert feed.samples()[-2:] == [("app.starts", 2), ("app.starts", 3)]
    feed.folder.joinpath("growing.gz").write_bytes(whole)
    feed.load()
    assert [value for _, value in feed.samples()] == [1, 2, 3]


def test_a_killed_load_ends_as_if_it_had_run_once(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.write(otlp({"at": 1, "asInt": "5"}), otlp({"at": 2, "asInt": "7"}))
    with monkeypatch.context() as killed:
        killed.setattr("loaders.telemetry.SAMPLES_PER_BATCH", 1)
        killed.setattr("loaders.telemetry.landing.append_rows", failing(at=5))
        with pytest.raises(InterruptedError):
            feed.load()
    assert [value for _, value in feed.samples()] == [5], "a batch is there or not"
    assert feed.load() == 0
    assert [value for _, value in feed.samples()] == [5, 2]


def failing(at: int) -> Callable:
    """Return what appends rows, but fails at one time."""
    calls = iter(range(1, 100))

    def append(*args: object, **kwargs: object) -> None:
        if next(calls) == at:
            raise InterruptedError
        append_rows(*args, **kwargs)

    return append


def test_of_a_sum_since_the_start_each_reading_adds_what_is_new(feed: Feed) -> None:
    feed.write(
        otlp({"at": 1, "asInt": "5"}, {"at": 2, "asInt": "12"}),
        otlp({"at": 2, "asInt": "100"}, process="two"),
        otlp({"at": 3, "asInt": "4"}),  # it began anew and does not say so
    )
    assert feed.load() == 0
    feed.write(
        otlp({"at": 4, "asInt": "6"}),
        otlp({"at": 6, "since": 5, "asDouble": 1.5}),  # and now it does
    )
    assert feed.load() == 0
    assert [value for _, value in feed.samples()] == [5, 7, 100, 4, 2, 1.5]
    feed.write(otlp({"at": 3, "asInt": "5"}))
    assert feed.load() == 1, "a newer reading of the same sum came before"


def test_a_sum_of_which_nobody_says_the_start_counts_from_the_second_reading(
    feed: Feed,
) -> None:
    first, second = otlp({"at": 1, "asInt": "900"}), otlp({"at": 2, "asInt": "903"})
    for line in (first, second):
        [metric] = line["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]
        del metric["sum"]["dataPoints"][0]["startTimeUnixNano"]
    feed.write(first, second)
    assert feed.load() == 0
    assert [value for _, value in feed.samples()] == [3]


def test_differences_are_taken_as_they_are_in_any_order_and_once(feed: Feed) -> None:
    later = {"at": 2, "since": 1, "asInt": "7"}
    feed.write(
        otlp(later, temporality=1),
        otlp({"at": 1, "since": 0, "asInt": "5"}, temporality=1),
        otlp(later, temporality=1),
    )
    assert feed.load() == 1
    assert [value for _, value in feed.samples()] == [5, 7]


@pytest.mark.parametrize("first", [1, 2])
def test_differences_and_sums_of_the_same_time_do_not_both_count(
    first: int, feed: Feed
) -> None:
    feed.write(
        otlp({"at": 2, "since": 1, "asInt": "5"}, temporality=first),
        otlp({"at": 3, "since": 1, "asInt": "9"}, temporality=3 - first),
        otlp({"at": 9, "since": 4, "asInt": "3"}, temporality=3 - first),
    )
    assert feed.load() == 1
    assert [value for _, value in feed.samples()] == [5, 3]


def test_a_level_is_a_gauge_and_silence_is_nothing(feed: Feed) -> None:
    memory = {"metric": "app.memory", "unit": "By"}
    feed.write(
        otlp({"at": 1, "asInt": "-4"}, is_monotonic=False, **memory),
        otlp({"at": 2, "asDouble": 8.5}, kind="gauge", **memory),
        otlp({"at": 3, "flags": 1}, kind="gauge", **memory),
        otlp({"at": 4, "asDouble": "NaN"}, kind="gauge", **memory),
        otlp({"at": 5, "asDouble": 1}, kind="gauge", metric="app.memory", unit="kBy"),
    )
    assert feed.load() == 2
    assert feed.samples() == [("app.memory", -4), ("app.memory", 8.5)]


def test_a_point_that_is_none_stops_no_other_of_its_line(feed: Feed) -> None:
    feed.write(otlp({"at": 1, "asInt": "x"}, {"at": 2}, {"at": 3, "asInt": "4"}))
    assert feed.load() == 2
    assert feed.samples() == [("app.starts", 4)]


def test_a_summary_is_its_quantiles(feed: Feed) -> None:
    # what is 0 is left out
    quantiles = [{}, {"quantile": 0.5, "value": 1.5}, {"quantile": 0.99, "value": 8}]
    point = {"at": 1, "count": "9", "sum": 20, "quantileValues": quantiles}
    feed.write(otlp(point, kind="summary", metric="app.latency"))
    assert feed.load() == 0
    assert feed.samples("value, quantile") == [(0, 0), (1.5, 0.5), (8, 0.99)]


def histogram(at: int, counts: list[int], total: float, **others: object) -> dict:
    """Return a line of a histogram with bounds of 1, 2 and 4 seconds."""
    point = {
        **{"at": at, "explicitBounds": [1, 2, 4], "sum": total, **others},
        "bucketCounts": [str(count) for count in counts],
        "count": str(sum(counts)),
    }
    return otlp(point, kind="histogram", metric="app.export_seconds")


def test_a_histogram_keeps_its_counts_and_its_sum(feed: Feed) -> None:
    # 0.5 + 1.5 + 1.5 + 3 with all in the middle; then a sixth of the way further
    feed.write(histogram(1, [1, 2, 1, 0], 6.5), histogram(2, [1, 5, 1, 0], 11.5))
    assert feed.load() == 0
    samples = feed.samples("observed_at, value, sample_count")
    assert [one[1:] for one in samples[:3]] == [(0.5, 1), (1.5, 2), (3, 1)]
    [(_, value, count)] = samples[3:]
    assert (value, count) == (pytest.approx(5 / 3), 3)


@pytest.mark.parametrize(
    ("counts", "total", "others", "expected"),
    [
        ([1, 0, 0, 2], 20.5, {}, [(0.5, 1), (10, 2)]),
        ([0, 0, 0, 2], 20, {"min": 9, "max": 11}, [(10, 2)]),
        ([0, 0, 2, 1], 9.5, {}, [(2.75, 2), (4, 1)]),
        ([2, 0, 0, 0], None, {}, [(0.5, 2)]),
        ([0, 0, 0, 0], 0, {}, []),
    ],
)
def test_the_last_bucket_has_no_end(
    counts: list[int],
    total: float | None,
    others: dict,
    expected: list[tuple],
    feed: Feed,
) -> None:
    feed.write(histogram(1, counts, total, **others))
    assert feed.load() == 0
    assert feed.samples("value, sample_count") == expected


@pytest.mark.parametrize(
    ("counts", "total"),
    [
        *[([0, 2, 0, 0], 0.5), ([0, 2, 0, 0], 90), ([3, -1, 0, 0], 2)],
        ([0, 10**30, 0, 0], 10**30),
    ],
)
def test_a_histogram_that_cannot_be_is_rejected(
    counts: list[int], total: float, feed: Feed
) -> None:
    feed.write(histogram(1, counts, total))
    assert feed.load() == 1
    assert feed.samples() == []


def test_postgres_takes_the_same(new_database: Callable, feed: Feed) -> None:
    feed.url = new_database()
    create_missing("telemetry", feed.url)
    feed.write(histogram(1, [1, 2, 1, 0], 6.5), start(2), start(2))
    assert feed.load() == 1
    feed.write(histogram(2, [1, 5, 1, 0], 11.5))
    assert feed.load() == 0
    samples = feed.samples("value, sample_count")
    assert samples == [(2, 1), (0.5, 1), (1.5, 2), (3, 1), (pytest.approx(5 / 3), 3)]


@pytest.mark.parametrize("temporality", TEMPORALITIES)
def test_the_sdk_of_opentelemetry_is_understood(
    temporality: AggregationTemporality, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the catalogue is the project's
    run_app(feed.folder / "otlp.jsonl", temporality)
    assert feed.load() == 0
    sums = query(
        feed.url,
        "select metric, tags, cast(sum(sample_count) as bigint), "
        "sum(value * sample_count) from staging_telemetry.samples "
        "group by 1, 2 order by 1",
    )
    exports, memory, starts = sums
    of_exports = f'{{"format": "wav", "version": "{VERSION}"}}'
    assert exports[:3] == ("recorder.export_seconds", of_exports, 3)
    assert exports[3] == pytest.approx(sum(EXPORT_SECONDS), rel=1e-12)
    of_starts = f'{{"platform": "ios", "version": "{VERSION}"}}'
    assert starts == ("recorder.starts", of_starts, 2, STARTS)
    assert memory == ("recorder.memory", f'{{"version": "{VERSION}"}}', 1, MEMORY)


def test_the_page_shows_a_sample_that_lands(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    page = (REPOSITORY / "docs" / "telemetry.md").read_text(encoding="utf-8")
    [line] = re.findall(r"^```json\n(.*)\n```$", page, re.MULTILINE)
    feed.write(line.encode())
    assert feed.load() == 0
    assert feed.samples() == [("recorder.starts", 1)]


def test_values_that_are_rounding_errors_are_0(feed: Feed) -> None:
    # Postgres would refuse to divide what is so small
    feed.write(start(5e-324), start(0.1 + 0.2 - 0.3, observed_at=LATER))
    assert feed.load() == 0
    assert feed.samples() == [("app.starts", 0), ("app.starts", 0)]


def test_records_of_ours_that_cannot_be_read_stop_no_app(
    feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    feed.write(start())
    no_folder = feed.folder.parent / "telemetry"
    no_folder.write_text("")
    feed.folders = {"warehouse": no_folder, **feed.folders}
    assert feed.load() == 1
    assert feed.samples() == [("app.starts", 1)]
    assert "telemetry is not a folder that can be read" in caplog.text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"metric,type,unit,allowed_tags\n", "has no metric: restore it"),
        (CATALOGUE.encode() * 2, "has app.starts twice: mend it"),
        (b"metric,type\napp.starts,counter\n", "lacks one of the columns"),
        (b"\xff", "cannot be read: "),
    ],
)
def test_a_catalogue_of_which_nothing_is_known_is_told_and_nothing_is_lost(
    feed: Feed, content: bytes, told: str
) -> None:
    feed.write(start())
    whole = catalogue.CATALOGUE.read_bytes()
    catalogue.CATALOGUE.write_bytes(content)
    with pytest.raises(UserError, match=told):
        feed.load()
    catalogue.CATALOGUE.write_bytes(b"\xef\xbb\xbf" + whole)  # as Excel saves it
    assert feed.load() == 0
    assert feed.samples() == [("app.starts", 1)]


def test_a_folder_that_is_gone_is_told(feed: Feed) -> None:
    feed.folder.rmdir()
    with pytest.raises(UserError, match="TELEMETRY_DIR: .*feed is not a folder that"):
        feed.load()
