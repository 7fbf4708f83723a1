"""One command at a time in a folder or on a file."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from warehouse.errors import UserError


class HeldError(UserError):
    """Another process holds the lock."""


@contextmanager
def locked(path: Path, command: str = "command") -> Iterator[int]:
    """Hold the lock of a file or a folder; it goes with the process, however that ends.

    Yields:
        Its descriptor.

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
            raise HeldError(
                f"another {command} is running (it holds {path}): wait until it ends"
            ) from None
        except OSError as error:
            raise UserError(
                f"{path} cannot be written ({error.strerror}): check its path and the "
                "rights of the folder"
            ) from None
        yield lock
