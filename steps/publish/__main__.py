"""The publish step: `python -m steps.publish [--allow NAME] [--drop-broken-views]`.

Data flow: the public tables of core, aggregates and ai -> a DuckDB file, or schemas of
Postgres, that readers see change all at once or not at all. On Spark they see the
tables themselves, so it says whether there is a reason against reading them.
"""

import argparse
import sys

from steps.manifest import read_manifest, target_folder
from steps.publish.contents import published_tables
from steps.publish.duckdb_file import publish_file
from steps.publish.gate import check_gate, loads_of
from steps.publish.generation import read_about, warehouse_name
from steps.publish.postgres_schemas import publish_schemas
from warehouse.connection import (
    connect_existing,
    duckdb_path,
    is_duckdb,
    is_spark,
    require_existing,
)
from warehouse.console import command, write_line
from warehouse.one_writer import one_writer
from warehouse.progress import doing
from warehouse.settings import (
    ALWAYS_LOADED,
    SOURCE_VARIABLES,
    Settings,
    read_settings,
)
from warehouse.states import read_states
from warehouse.tables import require_tables
from warehouse.versions import check_built

ON_SPARK = "the tables as they are built, of which Spark keeps one generation"


def publish(settings: Settings, allowed: list[str], drop_broken_views: bool) -> str:
    """Publish what the last build and its tests made.

    Args:
        settings: Of the warehouse and its sources.
        allowed: Names of reasons against it that may stand.
        drop_broken_views: Drop views of analysts that the new marts break.

    Returns:
        One line that says what was published, and where.

    Raises:
        UserError: there is a reason against it, or it does not work.
    """
    url = settings.warehouse_url
    manifest = read_manifest(target_folder())
    tables = published_tables(manifest)
    with connect_existing(url, is_read_only=True) as connection:
        check_built(connection)
        states = read_states(connection)
        configured = [
            source
            for source in SOURCE_VARIABLES
            # no mart for readers is made of the telemetry
            if source != ALWAYS_LOADED
            and (settings.is_demo or settings.has_source(source))
        ]
        standing = check_gate(manifest, states, configured, allowed)
        require_tables(connection, [table.source for table in tables])
        if is_spark(url):
            return ON_SPARK + f", though of {', '.join(standing)}" * bool(standing)
        load_ids = loads_of(manifest, states)
        about = read_about(connection, load_ids, standing, warehouse_name(url))
    if is_duckdb(url):
        return publish_file(duckdb_path(url), tables, about)
    return publish_schemas(url, tables, about, drop_broken_views)


def parse_arguments() -> argparse.Namespace:
    """Read the command line; a wrong one ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.publish",
        description="Show readers what the last build made.",
    )
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="NAME",
        help="publish though this speaks against it; may be repeated",
    )
    parser.add_argument(
        "--drop-broken-views",
        action="store_true",
        help="drop views on the marts that the new marts break",
    )
    return parser.parse_args()


@command
def main() -> int:
    """Publish the warehouse of the environment; return the exit code."""
    arguments = parse_arguments()
    settings = read_settings()
    require_existing(settings.warehouse_url)
    doing("publishing the marts")
    with one_writer(settings.warehouse_url, "publish"):
        told = publish(settings, arguments.allow, arguments.drop_broken_views)
    write_line(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
