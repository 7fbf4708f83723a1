"""One load at a time: in this folder, and into a warehouse."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.connection import connect, duckdb_path, is_duckdb
from warehouse.errors import UserError

LOCK_FILE = Path("data/load.lock")
WAREHOUSE_LOCK = 7023919  # any number, as long as every load takes the same


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(
            f"another load is running (it holds {path}): wait until it ends"
        ) from None
    except OSError as error:
        raise UserError(
            f"{path} cannot be written ({error.strerror}): check WAREHOUSE_URL and "
            "the rights of the folder"
        ) from None
    with lock:
        yield


@contextmanager
def one_at_a_time(warehouse_url: str) -> Iterator[None]:
    """Hold the lock of the load; it goes with the process, however that ends.

    One keeps out loads from this folder, one loads from others into this warehouse.

    Raises:
        UserError: another load holds it.
    """
    with locked(LOCK_FILE):
        if is_duckdb(warehouse_url):
            with locked(Path(f"{duckdb_path(warehouse_url)}.lock")):
                yield
            return
        with connect(warehouse_url) as connection, connection.cursor() as cursor:
            cursor.execute(f"select pg_try_advisory_lock({WAREHOUSE_LOCK})")
            if cursor.fetchone() != (True,):
                raise UserError(
                    "another load is running into this warehouse: wait until it ends"
                )
            connection.commit()
            yield
