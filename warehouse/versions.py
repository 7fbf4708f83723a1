"""The version of the project that wrote a warehouse: the table `production.versions`.

One row per part: what a load brings up to date of a source, and what dbt builds.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pyarrow as pa
import yaml
from adbc_driver_manager.dbapi import Connection

from warehouse.errors import UserError
from warehouse.tables import (
    create_table,
    existing_tables,
    has_table,
    read,
    replace_rows,
)

PROJECT_FILE = Path(__file__).parents[1] / "dbt_project.yml"
TABLE = "production.versions"
BUILD = "build"
COLUMNS = {"part": "text", "version": "text", "recorded_at": "timestamptz"}


@cache
def project_version() -> str:
    """Return the version of this project."""
    return yaml.safe_load(PROJECT_FILE.read_text(encoding="utf-8"))["version"]


def loaded_part(source: str) -> str:
    """Return the part that a load of a source brings up to date."""
    return f"load.{source}"


def record_version(connection: Connection, *parts: str) -> None:
    """Write that parts are of this version, once the transaction is committed.

    Raises:
        UserError: the role has no right to.
    """
    recorded = _recorded(connection)
    current = dict.fromkeys(parts, project_version())
    if current.items() <= recorded.items():
        return
    now = datetime.now(UTC)
    rows = [
        {"part": part, "version": version, "recorded_at": now}
        for part, version in (recorded | current).items()
    ]
    create_table(connection, TABLE, COLUMNS)
    replace_rows(connection, *TABLE.split("."), pa.Table.from_pylist(rows))


def check_not_newer(connection: Connection) -> None:
    """Refuse a warehouse that a newer version has written.

    Raises:
        UserError: it has.
    """
    for version in _recorded(connection).values():
        refuse_newer(version)


def refuse_newer(version: str) -> None:
    """Refuse what a newer version has written.

    Raises:
        UserError: it has.
    """
    if _parts(version) > _parts(project_version()):
        raise UserError(
            f"this warehouse was written by version {version} of the project, and "
            f"this is {project_version()}: update the project"
        )


def check_loaded(connection: Connection, sources: Iterable[str]) -> None:
    """Refuse what an older version has loaded, as models of this one cannot read it.

    Raises:
        UserError: a newer version has written it, or an older one loaded it.
    """
    check_not_newer(connection)
    recorded, existing = _recorded(connection), existing_tables(connection)
    for source in sources:
        version = recorded.get(loaded_part(source))
        is_loaded = f"staging_{source}._loads" in existing
        if is_loaded and version != project_version():
            _refuse("loaded", version, "make load build")


def check_built(connection: Connection) -> None:
    """Refuse what an older version has built.

    Raises:
        UserError: a newer version has written it, or an older one built it.
    """
    check_not_newer(connection)
    version = _recorded(connection).get(BUILD, project_version())
    if version != project_version():
        _refuse("built", version, "make load build")


def _refuse(how: str, version: str | None, command: str) -> None:
    told = f"version {version}" if version else f"a version before {project_version()}"
    raise UserError(
        f"this warehouse was {how} by {told} of the project, and this is "
        f"{project_version()}: run `{command}`, which brings it up to date"
    )


def _recorded(connection: Connection) -> dict[str, str]:
    if not has_table(connection, TABLE):
        return {}
    rows = read(connection, f"select part, version from {TABLE}")  # noqa: S608
    return {row["part"]: row["version"] for row in rows.to_pylist()}


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
