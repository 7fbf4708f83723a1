"""An erasure that is killed anywhere and repeated ends as if it had run once."""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from loaders.suppression import read_suppressed
from steps.erase import __main__ as command
from tests.steps.erase.conftest import erase, made, warehouse
from tests.steps.erase.erase_warehouse import HASH_KEY, EraseWarehouse
from tests.steps.erase.test_erase import ANN, TRACES, contents, stored_bytes
from warehouse.connection import connect, duckdb_path

__all__ = ["erase", "made", "warehouse"]
FORK = multiprocessing.get_context("fork")


def killable(end: int) -> None:
    """Let this process kill itself at its n-th moment."""
    left = end

    def around(function: Callable) -> Callable:
        def ended(*arguments: object, **options: object) -> object:
            for moment in ("before", "after"):
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                if moment == "before":
                    result = function(*arguments, **options)
            return result

        return ended

    for name in ("remove", "rebuild", "compact", "finish"):
        setattr(command, name, around(getattr(command, name)))
    os.fsync = around(os.fsync)
    Path.replace = around(Path.replace)


@pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)
def test_killed_anywhere_and_repeated_it_ends_the_same(
    warehouse: EraseWarehouse, erase: Callable
) -> None:
    path = duckdb_path(warehouse.url)
    whole = path.with_name("whole")
    shutil.copy(path, whole)
    erase("ann@mail.example")
    wanted = contents(warehouse.url)

    def killed(end: int) -> None:
        killable(end)
        erase("ann@mail.example")

    for end in count(1):
        shutil.copy(whole, path)
        process = FORK.Process(target=killed, args=(end,))
        process.start()
        process.join()
        erase("ann@mail.example")
        assert contents(warehouse.url) == wanted
        for found in stored_bytes(warehouse.url):
            assert [trace for trace in TRACES if trace.encode() in found] == []
        with connect(warehouse.url) as connection:
            listed = read_suppressed(connection, HASH_KEY)
        assert listed.with_ids(ANN) == listed
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
    assert end > 10, "there are many moments"
