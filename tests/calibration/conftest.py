"""The compiled method, and processes to run it in."""

from collections.abc import Iterator
from concurrent.futures import Executor

import pytest

from calibration.method import Method, compiled_method, worker_processes


@pytest.fixture(scope="session")
def method() -> Iterator[Method]:
    """The method as dbt compiles it."""
    with compiled_method() as compiled:
        yield compiled


@pytest.fixture(scope="session")
def executor() -> Iterator[Executor]:
    """A process per processor."""
    with worker_processes() as processes:
        yield processes
