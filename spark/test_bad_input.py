"""What is wrong with Spark is one line that says what, where and how to mend it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from pyspark.sql.connect.proto import base_pb2, base_pb2_grpc

from spark.cluster import server
from tests.integration.conftest import Warehouse
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.one_writer import one_writer
from warehouse.spark_connection import SparkConnection
from warehouse.tables import create_table, read

DENIED = "the user ann@mail.example is not allowed here"
Answer = Callable[[grpc.ServicerContext], base_pb2.AnalyzePlanResponse]


class Servicer(base_pb2_grpc.SparkConnectServiceServicer):
    """A Spark Connect server that does nothing but say its version."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def Config(
        self, request: base_pb2.ConfigRequest, _: grpc.ServicerContext
    ) -> base_pb2.ConfigResponse:
        return base_pb2.ConfigResponse(session_id=request.session_id)

    def AnalyzePlan(
        self, request: base_pb2.AnalyzePlanRequest, context: grpc.ServicerContext
    ) -> base_pb2.AnalyzePlanResponse:
        answer = self._answer(context)
        answer.session_id = request.session_id
        return answer


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Run such a server; yield its URL."""
    running = grpc.server(ThreadPoolExecutor())
    base_pb2_grpc.add_SparkConnectServiceServicer_to_server(Servicer(answer), running)
    port = running.add_insecure_port("127.0.0.1:0")
    running.start()
    yield f"sc://127.0.0.1:{port}"
    running.stop(None)


def of_version(version: str) -> Answer:
    def answer(_: grpc.ServicerContext) -> base_pb2.AnalyzePlanResponse:
        told = base_pb2.AnalyzePlanResponse.SparkVersion(version=version)
        return base_pb2.AnalyzePlanResponse(spark_version=told)

    return answer


def denying(context: grpc.ServicerContext) -> base_pb2.AnalyzePlanResponse:
    context.abort(grpc.StatusCode.PERMISSION_DENIED, DENIED)


def refusal(url: str) -> str:
    """Return what is told of a server that does not let us in."""
    with pytest.raises(UserError) as refused, connect(url):
        pass
    return str(refused.value)


def test_an_older_server_is_refused() -> None:
    with answering(of_version("3.5.6")) as url:
        place = url.removeprefix("sc://")
        told = f"WAREHOUSE_URL: {place} runs Spark 3.5.6: use 4.0 or newer"
        assert refusal(url) == told


def test_who_has_no_right_is_told_so() -> None:
    with answering(denying) as url:
        told = refusal(url)
    assert "WAREHOUSE_URL: its user has no right to that: let the owner" in told
    assert "ann@mail.example" not in told


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sc://127.0.0.1:9", "nothing answers at 127.0.0.1:9: start the server"),
        ("sc://spark.invalid", "the host spark.invalid is not found: mend its name"),
        ("sc://127.0.0.1:9/;token", "is no address of Spark Connect"),
        ("sc://127.0.0.1:9/a;token=hush", "is no address of Spark Connect"),
        ("sc://", "is no address of Spark Connect"),
    ],
)
def test_a_server_that_is_not_there_is_told_at_once(url: str, told: str) -> None:
    assert told in refusal(url)
    assert "hush" not in refusal(url)


def test_a_wrong_token_is_told_and_not_quoted(url: str) -> None:
    wrong = url.replace("token=", "token=hush")
    assert refusal(wrong) == (
        "WAREHOUSE_URL: the server refuses the token: mend token=... in it"
    )


def test_a_catalogue_that_forgets_is_refused(tmp_path: Path) -> None:
    memory = {"spark.sql.catalogImplementation": "in-memory"}
    with server(tmp_path, "local[1]", memory) as url:
        assert "forgets its tables when it ends: start it with" in refusal(url)


def test_a_format_that_the_cluster_lacks_is_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK_TABLE_FORMAT", "delta")
    with (
        connect(url) as connection,
        pytest.raises(UserError, match="SPARK_TABLE_FORMAT names a format that the cl"),
    ):
        create_table(connection, "core.in_delta", {"name": "text"})
    monkeypatch.setenv("SPARK_TABLE_FORMAT", "orc")
    assert refusal(url) == (
        "SPARK_TABLE_FORMAT is 'orc': use one of parquet, delta, iceberg"
    )


def test_too_little_memory_is_told(connection: SparkConnection) -> None:
    query = "select size(sequence(1L, id + 400000000L)) as size from range(1)"  # 3 GB
    with pytest.raises(UserError, match="the memory of the cluster does not suffice"):
        read(connection, query)


def test_what_spark_quotes_of_a_row_is_not_told(connection: SparkConnection) -> None:
    rows = "from values ('ann@mail.example') as people (mail)"
    for query in (
        f"select raise_error(mail) {rows}",
        f"select cast(mail as int) {rows}",
        f"select cast(mail as timestamp) {rows}",
    ):
        with pytest.raises(UserError) as told:
            read(connection, query)
        assert "ann" not in str(told.value)
        assert told.value.__cause__.__cause__ is None
    with pytest.raises(UserError, match="`core`.`nothing` cannot be found"):
        read(connection, "select * from core.nothing")


def test_a_machine_without_java_is_told(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "spark.cluster", tmp_path],
        env={**os.environ, "PATH": str(tmp_path), "JAVA_HOME": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "error: Spark needs Java 17 or newer, and there is no Java here: install a "
        "JRE, or name one by JAVA_HOME\n"
    )


def test_of_two_nights_one_runs(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = str(tmp_path / "lake")
    second = Warehouse(url, tmp_path, {"LAKE_URL": lake})
    monkeypatch.setenv("LAKE_URL", lake)
    with one_writer(url, "night"):
        told = second.run("python", "-m", "steps.night", code=1)
    assert told.startswith("error: the warehouse is in use: night on ")
    assert len(told.splitlines()) == 1
