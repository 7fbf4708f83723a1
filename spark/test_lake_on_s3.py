"""A bucket is a lake as a folder is; the server is moto's."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from moto.server import ThreadedMotoServer
from pyarrow.fs import FileSelector, S3FileSystem

from loaders.contract import read_contract
from loaders.lake import MANIFEST, Lake, check_lake, update
from loaders.load import create_missing
from warehouse.connection import connect
from warehouse.errors import UserError

INSERT = """
insert into staging_telemetry.samples (sample_id, series_id, metric, observed_at)
values ('{name}', 'a', 'b', '2026-01-0{day} 12:00:00+00')
"""


@pytest.fixture
def url() -> Iterator[str]:
    """The LAKE_URL of a folder of an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"{host}:{port}"
    S3FileSystem(
        access_key="key",
        secret_key="secret",  # noqa: S106 - any will do
        region="us-east-1",
        scheme="http",
        endpoint_override=endpoint,
        allow_bucket_creation=True,
    ).create_dir("bucket")
    yield (
        "s3://key:secret@bucket/lake?region=us-east-1&scheme=http"
        f"&endpoint_override={endpoint}"
    )
    server.stop()


@pytest.fixture
def landing(tmp_path: Path) -> str:
    """The URL of a landing file with a sample of one day."""
    url = f"duckdb:///{tmp_path}/landing.duckdb"
    with chdir(tmp_path):
        for source in read_contract()["sources"]:
            create_missing(source, url)
    add_sample(url, "first", 1)
    return url


def add_sample(landing: str, name: str, day: int) -> None:
    with connect(landing) as connection, connection.cursor() as cursor:
        cursor.execute(INSERT.format(name=name, day=day))
        connection.commit()


def samples(lake: Lake) -> dict[str, list[str]]:
    """Return the samples of each file, by its name."""
    folder = FileSelector(f"{lake.root}/staging_telemetry/samples", recursive=True)
    return {
        file.path: pq.read_table(file.path, filesystem=lake.files)[
            "sample_id"
        ].to_pylist()
        for file in lake.files.get_file_info(folder)
        if file.is_file
    }


def test_only_what_has_changed_is_written_to_a_bucket(landing: str, url: str) -> None:
    check_lake(landing, url)
    lake = Lake.at(url)
    assert lake.location == "s3a://bucket/lake"
    first = update(lake, landing, lake.read_manifest())
    assert lake.read_manifest() == first
    assert update(lake, landing, first) == first
    (old,) = samples(lake)
    add_sample(landing, "second", 1)
    add_sample(landing, "third", 2)
    second = update(lake, landing, first)
    lake.sweep(first, second)
    assert sorted(map(sorted, samples(lake).values())) == [
        ["first"],
        ["first", "second"],
        ["third"],
    ]
    lake.sweep(second)
    assert old not in samples(lake)
    assert len(samples(lake)) == 2


def test_a_bucket_that_cannot_be_a_lake_is_told(tmp_path: Path, url: str) -> None:
    landing = f"duckdb:///{tmp_path}/landing.duckdb"
    with pytest.raises(UserError, match="LAKE_URL: nothing/lake cannot be") as error:
        check_lake(landing, url.replace("bucket", "nothing"))
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)
    lake = Lake.at(url)
    with lake.files.open_output_stream(f"{lake.root}/{MANIFEST}") as file:
        file.write(b"{")
    with pytest.raises(UserError, match="is no manifest: remove it") as error:
        check_lake(landing, url)
    assert "secret" not in str(error.value)
