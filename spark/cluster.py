"""A real Spark cluster on this machine: `python -m spark.cluster [folder]`.

One master, two workers of one core each, and a Spark Connect server with a catalogue of
Hive's in the folder, where the tables are, too. It runs until Ctrl-C.
"""

import argparse
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event

import pyspark

from warehouse.console import command, write_line
from warehouse.errors import UserError

HOME = Path(pyspark.__file__).parent
HOST = "127.0.0.1"
FOLDER = Path("data/spark")
WORKERS = 2
WORKER_MEMORY = "1200m"
SERVER_MEMORY = "1g"
DAEMON_MEMORY = "512m"  # with less a master or a worker runs out of it within a day
OLDEST_JAVA = 17
SECONDS_TO_START = 240
SECONDS_TO_STOP = 20
# It plans thousands of short statements, for which less is worth compiling.
SERVER_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


@contextmanager
def cluster(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a cluster.

    Args:
        folder: Of its catalogue, its tables and its logs; what is there is used.
        settings: Of Spark's, on top of what the warehouse needs.

    Yields:
        Its WAREHOUSE_URL.

    Raises:
        UserError: there is no Java, or a part of it does not start.
    """
    port = _free_port()
    master = f"spark://{HOST}:{port}"
    daemon = "spark-class org.apache.spark.deploy"
    here = f"--host {HOST} --webui-port 0"
    limits = f"--cores 1 --memory {WORKER_MEMORY} --work-dir"
    with ExitStack() as stack:
        run = f"{daemon}.master.Master {here} --port {port}".split()
        stack.enter_context(_running(folder, "master", run, port))
        for number in range(1, WORKERS + 1):
            run = f"{daemon}.worker.Worker {here} {limits}".split()
            run += [str(folder.absolute() / "work"), master]
            stack.enter_context(_running(folder, f"worker-{number}", run))
        yield stack.enter_context(server(folder, master, settings))


@contextmanager
def server(
    folder: Path, master: str, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run a Spark Connect server.

    Args:
        folder: Of its catalogue and its tables.
        master: Of the cluster, or `local[1]` for one in the server itself.
        settings: Of Spark's, on top of what the warehouse needs.

    Yields:
        Its WAREHOUSE_URL, with a token that is new each time.

    Raises:
        UserError: it does not start.
    """
    place, port, token = folder.absolute(), _free_port(), secrets.token_urlsafe(16)
    used = {
        "spark.connect.grpc.binding.address": HOST,
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={place} "
        + SERVER_OPTIONS,
        "spark.executor.memory": WORKER_MEMORY,
        "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:;databaseName="
        f"{place / 'catalogue'};create=true",
        "spark.sql.catalogImplementation": "hive",
        "spark.sql.shuffle.partitions": str(2 * WORKERS),
        "spark.sql.warehouse.dir": str(place / "tables"),
        "spark.ui.enabled": "false",
        **(settings or {}),
    }
    # Hive reads Hadoop's own settings anew for each statement, and needs none of them
    configuration = place / "configuration"
    configuration.mkdir(parents=True, exist_ok=True)
    (configuration / "core-default.xml").write_text("<configuration/>")
    options = [f"--conf={name}={value}" for name, value in used.items()]
    run = ["spark-submit", f"--master={master}", *options, f"--class={SERVER}"]
    environment = {
        "SPARK_CONF_DIR": str(configuration),
        "SPARK_CONNECT_AUTHENTICATE_TOKEN": token,
        # this server, too, is a daemon: of spark.driver.memory it knows nothing
        "SPARK_DAEMON_MEMORY": SERVER_MEMORY,
    }
    with _running(folder, "server", [*run, "spark-internal"], port, environment):
        # of this name the client sends a token without TLS
        yield f"sc://localhost:{port}/;token={token}"


@contextmanager
def _running(
    folder: Path,
    name: str,
    arguments: list[str],
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a program of Spark's, from when its port answers.

    Raises:
        UserError: it does not start.
    """
    _require_java()
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{name}.log"
    program, *options = arguments
    given = {
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": DAEMON_MEMORY,
        **(environment or {}),
    }
    with (
        log.open("w") as output,
        subprocess.Popen(  # noqa: S603 - Spark's own program
            [HOME / "bin" / program, *options],
            env=os.environ | given,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C ends the parts in their order
        ) as process,
    ):
        try:
            deadline = time.monotonic() + SECONDS_TO_START
            while port and not _answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise UserError(f"Spark's {name} does not start: see {log}")
                time.sleep(0.2)
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_TO_STOP)
            process.kill()


def _require_java() -> None:
    """Find Java before Spark's scripts do, which tell much and end well.

    Raises:
        UserError: there is none, or one that is too old.
    """
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    told = ""
    if java:
        told = subprocess.run(  # noqa: S603
            [java, "-version"], capture_output=True, text=True, check=False
        ).stderr
    found = re.search(r'version "(\d+)', told)
    if not found or int(found[1]) < OLDEST_JAVA:
        has = f"Java {found[1]}" if found else "no Java"
        raise UserError(
            f"Spark needs Java {OLDEST_JAVA} or newer, and there is {has} here: "
            "install a JRE, or name one by JAVA_HOME"
        )


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@command
def main() -> int:
    """Run a cluster until Ctrl-C; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m spark.cluster", description="Run Spark on this machine."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    for ending in (signal.SIGTERM, signal.SIGHUP):  # else its programs would run on
        signal.signal(ending, signal.default_int_handler)
    with cluster(parser.parse_args().folder) as url, suppress(KeyboardInterrupt):
        write_line(f"Spark runs until Ctrl-C: export WAREHOUSE_URL='{url}'")
        sys.stdout.flush()
        Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
