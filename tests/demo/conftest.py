"""A small demo world, made once and served for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import demo

SMALL = demo.Scale(users=300, days=100, campaigns=12)


@pytest.fixture(scope="session")
def world_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the directory of a small world."""
    directory = tmp_path_factory.mktemp("demo") / "world"
    demo.create_world(directory, SMALL)
    return directory


@pytest.fixture(scope="session")
def sources(world_directory: Path) -> Iterator[dict[str, str]]:
    """Give the environment variables of the served world."""
    with demo.running_sources(world_directory) as environment:
        yield environment
