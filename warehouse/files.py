"""Files that are there whole or not at all."""

import os
import shutil
from pathlib import Path


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_databases(*paths: Path) -> None:
    """Remove DuckDB files, with what DuckDB keeps beside them."""
    for path in paths:
        path.unlink(missing_ok=True)
        Path(f"{path}.wal").unlink(missing_ok=True)
        shutil.rmtree(f"{path}.tmp", ignore_errors=True)
