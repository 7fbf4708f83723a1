"""One load at a time in this folder and into a warehouse, and one export."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from warehouse.connection import connect, duckdb_path, is_duckdb
from warehouse.errors import UserError

LOCK_FILE = Path("data/load.lock")
WAREHOUSE_LOCK = 7023919  # any number, as long as every load takes the same


@contextmanager
def locked(path: Path, command: str = "load") -> Iterator[None]:
    """Hold the lock of a file or a folder; it goes with the process, however that ends.

    Raises:
        UserError: the same command holds it in another process, or it has no place.
    """
    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT
            lock = os.open(path, flags, 0o666)
            stack.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"another {command} is running (it holds {path}): wait until it ends"
            ) from None
        except OSError as error:
            raise UserError(
                f"{path} cannot be written ({error.strerror}): check its path and the "
                "rights of the folder"
            ) from None
        yield


@contextmanager
def one_at_a_time(warehouse_url: str) -> Iterator[None]:
    """Hold the locks of a load.

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
