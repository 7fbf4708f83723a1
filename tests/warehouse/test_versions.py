"""A warehouse of another version is named in one line that says what to run."""

from collections.abc import Callable, Iterator

import pytest
from adbc_driver_manager.dbapi import Connection

from tests.conftest import ENGINES
from warehouse import versions
from warehouse.connection import connect
from warehouse.errors import UserError

LOADED = versions.loaded_part("neon")
OLDER = "was {} by version 1.9.0 of the project, and this is 1.10.0: run `make load "


@pytest.fixture(params=[ENGINES[0], pytest.param(ENGINES[1], marks=pytest.mark.slow)])
def warehouse(
    request: pytest.FixtureRequest, new_warehouse: Callable
) -> Iterator[Connection]:
    """A warehouse with a loaded source."""
    with connect(new_warehouse(request.param)) as connection:
        with connection.cursor() as cursor:
            cursor.execute("create schema staging_neon")
            cursor.execute("create table staging_neon._loads (table_name text)")
        yield connection


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that makes the project another version."""
    return lambda version: monkeypatch.setattr(
        versions, "project_version", lambda: version
    )


def test_an_older_warehouse_says_what_to_run(
    warehouse: Connection, use: Callable
) -> None:
    use("1.9.0")
    for part in (LOADED, versions.BUILD):
        versions.record_version(warehouse, part)
    versions.check_loaded(warehouse, ["neon", "posthog"])
    versions.check_built(warehouse)
    use("1.10.0")
    with pytest.raises(UserError, match=OLDER.format("loaded")):
        versions.check_loaded(warehouse, ["neon"])
    with pytest.raises(UserError, match=OLDER.format("built")):
        versions.check_built(warehouse)
    versions.record_version(warehouse, LOADED)
    versions.check_loaded(warehouse, ["neon"])


def test_a_warehouse_of_before_versions_were_kept_is_older(
    warehouse: Connection,
) -> None:
    with pytest.raises(UserError, match="was loaded by a version before"):
        versions.check_loaded(warehouse, ["neon"])


def test_a_newer_warehouse_is_left_alone(warehouse: Connection, use: Callable) -> None:
    use("1.10.0")
    versions.record_version(warehouse, LOADED)
    use("1.9.0")
    for check in (versions.check_not_newer, versions.check_built):
        with pytest.raises(UserError, match="1.10.0 .* 1.9.0: update the project"):
            check(warehouse)
