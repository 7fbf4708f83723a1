"""A world on disk: made once, and served like the real systems."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from demo.databases import create_databases, running_postgres
from demo.files import (
    AUTOMATIONS,
    POSTHOG,
    PUSH_LOGS,
    TELEMETRY,
    require_world,
    write_files,
)
from demo.world import Scale, build_world
from demo.world.scale import END_AT
from warehouse.errors import UserError
from warehouse.progress import doing

DIRECTORY = Path("data/demo")
POSTGRES = "postgres"
SCALE_FILE = "scale.json"

DATABASE_VARIABLES = {
    "NEON_DATABASE_URL": "cadence",
    "NEON_APP_DATABASE_URL": "app",
    "CHEMLINK_DATABASE_URL": "chemlink",
    "ENGAGEMENT_DATABASE_URL": "engagement",
    "KRATOS_DATABASE_URL": "kratos",
    "ASSISTANT_DATABASE_URL": "assistant",
}


def create_world(directory: Path, scale: Scale) -> None:
    """Make the world of a scale, unless it is there already.

    It is built beside its place and moved there at the end, so a killed run leaves
    no half world behind.

    Raises:
        UserError: the directory holds something else, or a world of another scale.
    """
    if directory.exists():
        _check_scale(directory, scale)
        return
    partial = directory.with_name(f".{directory.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    doing("inventing the world")
    world = build_world(scale)
    doing("writing its files")
    write_files(partial, world)
    doing("filling its databases")
    with running_postgres(partial / POSTGRES) as server:
        create_databases(server, world.databases)
    (partial / SCALE_FILE).write_text(json.dumps(asdict(scale)), encoding="utf-8")
    partial.rename(directory)


def _check_scale(directory: Path, scale: Scale) -> None:
    scale_file = directory / SCALE_FILE
    if not scale_file.exists():
        raise UserError(f"{directory} is no demo world: name another directory")
    found = Scale(**json.loads(scale_file.read_text(encoding="utf-8")))
    if found != scale:
        raise UserError(
            f"{directory} holds another world, {found}: remove it or name another "
            "directory"
        )


@contextmanager
def running_sources(directory: Path) -> Iterator[dict[str, str]]:
    """Serve a world: its Postgres databases, its PostHog, its folders.

    Yields:
        The environment variables that make the loaders read it.

    Raises:
        UserError: there is no world.
    """
    require_world(directory)
    from stand_ins import posthog

    with ExitStack() as stack:
        server = stack.enter_context(running_postgres(directory / POSTGRES))
        address = stack.enter_context(posthog.running(directory / POSTHOG))
        yield {
            **{
                variable: server.get_uri(database=name)
                for variable, name in DATABASE_VARIABLES.items()
            },
            "POSTHOG_HOST": address.host,
            "POSTHOG_PROJECT_ID": address.project_id,
            "POSTHOG_API_KEY": address.api_key,
            "PUSH_AUTOMATIONS_DIR": str((directory / AUTOMATIONS).resolve()),
            "PUSH_LOGS_DIR": str((directory / PUSH_LOGS).resolve()),
            "TELEMETRY_DIR": str((directory / TELEMETRY).resolve()),
            "SOURCES_COPIED_AT": END_AT.isoformat(),
        }
