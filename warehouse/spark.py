"""Read the URL of a Spark Connect server, and open a session of it.

`spark_connection` runs statements in it. Whoever has no such URL needs no pyspark.
"""

import logging
import os
import re
import socket
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.errors import UserError, spark_failure
from warehouse.settings import read_settings

if TYPE_CHECKING:
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.session import SparkSession

PREFIX = "sc://"
PORT = 15002
DEFAULT_LAKE = "data/lake"
URL = re.compile(
    rf"{PREFIX}(?P<host>[^:/?#@;,\s]+)(:(?P<port>[0-9]{{1,5}}))?(/(;[^;=\s]+=[^;=\s]*)*)?"
)
OLDEST = 4  # Spark 3 has no ANSI mode that dbt and the models can count on
SECONDS_TO_CONNECT = 15
SECONDS_BETWEEN_LOOKS = 0.2
RETRIES = 6  # of a call that the network lost: a minute in all
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # a name stands in double quotes, as elsewhere
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    # a text of a statement names no variable of the server
    "spark.sql.variable.substitute": "false",
    # several statements in one
    "spark.sql.scripting.enabled": "true",
    # Spark goes by the compressed size, and kills a small executor with the table
    "spark.sql.autoBroadcastJoinThreshold": "2097152",
    # where in the server it fails helps nobody
    "spark.sql.connect.serverStacktrace.enabled": "false",
    # others than Spark read microseconds, too
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}
NOT_INSTALLED = (
    "not installed here: run `make .venv-spark/installed`, and use .venv-spark/bin"
)
FORMATS = ("parquet", "delta", "iceberg")
_of_writers: list[Path] = []


def spark_address(url: str) -> tuple[str, int]:
    """Return host and port of a Spark Connect URL.

    Raises:
        UserError: it is none; the line quotes no token.
    """
    found = URL.fullmatch(url)
    if not found:
        raise UserError(
            "WAREHOUSE_URL is no address of Spark Connect: use sc://host:15002, or "
            "sc://host:443/;use_ssl=true;token=... with its token percent-encoded"
        )
    return found["host"], int(found["port"] or PORT)


def open_session(url: str) -> "SparkSession":
    """Return a new session of a cluster, which is the default if there is none.

    Raises:
        UserError: pyspark is not installed, or the server is away, too old, lets
            nobody in or keeps no tables.
    """
    host, port = spark_address(url)
    place = f"{host}:{port}"
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # what fails is told once, here
    try:
        import grpc
        from pyspark.errors import PySparkException
        from pyspark.sql.connect.client import DefaultChannelBuilder
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    except ImportError as error:
        raise _not_installed(error) from None
    for name in ("SQLQueryContextLogger", "pyspark"):  # they quote queries and rows
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # dbt-spark asks for Hive, which a server has or has not
    warnings.filterwarnings("ignore", "Failed to set spark.sql.catalogImplementation")
    # Collected, it would close threads that all share, one of which may collect it.
    SparkSession.__del__ = lambda _: None
    builder = DefaultChannelBuilder(url)
    _require_answer(host, port)
    try:
        with closing(builder.toChannel()) as channel:
            grpc.channel_ready_future(channel).result(SECONDS_TO_CONNECT)
    except grpc.FutureTimeoutError:
        raise UserError(
            f"WAREHOUSE_URL: {place} takes no "
            + (
                "TLS connection, which a token needs"
                if builder.secure
                else "connection"
            )
            + ": see whether a Spark Connect server answers there, and with TLS or not "
            "(use_ssl)"
        ) from None
    settings = session_settings()
    session = None
    try:
        session = (
            SparkSession.builder.channelBuilder(builder).config(map=settings).create()
        )
        session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
        _check(session, place)
    except (PySparkException, grpc.RpcError) as error:
        if session:
            close_session(session)
        told = failure(error) if isinstance(error, PySparkException) else None
        if isinstance(told, UserError):
            raise told from None
        raise UserError(
            f"WAREHOUSE_URL: the Spark Connect server at {place} opens no session: see "
            "what its log says"
        ) from None
    for path in _of_writers:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{session.session_id}\n")
    return session


@contextmanager
def sessions_of_writer(url: str, is_first: bool) -> Iterator[None]:
    """Note the sessions opened in it: a server goes on when its client is killed.

    Args:
        url: Of the warehouse.
        is_first: Whether the lock was taken just now: what a killed writer has left
            running is ended before.

    Raises:
        UserError: it is not ended, as pyspark is not installed or the server is away.
    """
    path = lock_folder() / "warehouse.sessions"
    if is_first and path.exists():
        _require_answer(*spark_address(url))
        for left in path.read_text(encoding="utf-8").split():
            _end_session(url, left)
        path.unlink()
    _of_writers.append(path)
    try:
        yield
    finally:
        _of_writers.remove(path)
        if is_first:
            path.unlink(missing_ok=True)


def _end_session(url: str, session_id: str) -> None:
    """End what a session runs, and the session, unless it has ended already.

    Raises:
        UserError: pyspark is not installed.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql.connect.client import (
            DefaultChannelBuilder,
            SparkConnectClient,
        )
    except ImportError as error:
        raise _not_installed(error) from None
    builder = DefaultChannelBuilder(url)
    builder.set(DefaultChannelBuilder.PARAM_SESSION_ID, session_id)
    # As a session of pyspark, too, it would be the one that dbt takes for its own.
    with closing(SparkConnectClient(builder)) as client, suppress(PySparkException):
        client.set_retry_policies([])
        while client.interrupt_all():
            time.sleep(SECONDS_BETWEEN_LOOKS)
        client.release_session()


def _not_installed(error: ImportError) -> UserError:
    return UserError(
        f"WAREHOUSE_URL names Spark: {error.name or 'pyspark'} is {NOT_INSTALLED}"
    )


def close_session(session: "SparkSession") -> None:
    """End a session."""
    session.client.set_retry_policies([])  # a server that is gone has ended it, too
    session.stop()


def failure(error: "PySparkException") -> Exception:
    """Return an error of Spark as the other engines' drivers raise it."""
    name = error.getCondition() or type(error).__name__
    return spark_failure(str(error), error.getSqlState() or "", name)


def session_settings() -> dict[str, str]:
    """Return the settings of each session, of commands and of dbt alike.

    Raises:
        UserError: SPARK_TABLE_FORMAT is none.
    """
    given = read_settings().spark_table_format
    if given not in FORMATS:
        raise UserError(
            f"SPARK_TABLE_FORMAT is {given!r}: use one of {', '.join(FORMATS)}"
        )
    return SETTINGS | {"spark.sql.sources.default": given}


def lake_url() -> str:
    """Return LAKE_URL; a folder by its whole path, as the cluster has to find it."""
    given = read_settings().lake_url or DEFAULT_LAKE
    return given if "://" in given else str(Path(given).absolute())


def lock_folder() -> Path:
    """Return the folder of the lock: the lake's, or if that is no folder, our own."""
    lake = lake_url().removeprefix("file://")
    return Path(DEFAULT_LAKE).absolute() if "://" in lake else Path(lake)


def _require_answer(host: str, port: int) -> None:
    """Tell at once if there is no server; gRPC would try for minutes."""
    place = f"{host}:{port}"
    try:
        socket.create_connection((host, port), SECONDS_TO_CONNECT).close()
    except (socket.gaierror, UnicodeError, OverflowError):
        told = f"the host {host} is not found: mend its name"
    except TimeoutError:
        told = f"{place} does not answer: look at the network and the firewall"
    except OSError:
        told = f"nothing answers at {place}: start the server, or mend host and port"
    else:
        return
    raise UserError(f"WAREHOUSE_URL: {told}")


def _check(session: "SparkSession", place: str) -> None:
    """Refuse a server that cannot hold the warehouse.

    Raises:
        UserError: it is too old, or forgets its tables.
    """
    version = session.version
    if int(version.split(".")[0]) < OLDEST:
        raise UserError(
            f"WAREHOUSE_URL: {place} runs Spark {version}: use {OLDEST}.0 or newer"
        )
    catalogue = session.conf.get("spark.sql.catalogImplementation", "in-memory")
    replaced = session.conf.get("spark.sql.catalog.spark_catalog", "")
    if catalogue == "in-memory" and not replaced:
        raise UserError(
            f"WAREHOUSE_URL: the server at {place} forgets its tables when it ends: "
            "start it with spark.sql.catalogImplementation=hive, or another catalogue"
        )
