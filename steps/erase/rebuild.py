"""Make anew what was made of a person: models, statistics, tests, and what is shown.

The commands are those of a night. A campaign that counted the person is computed again,
as what it is made of has changed.
"""

from collections.abc import Iterable
from contextlib import closing

import psycopg2

from steps.night.stages import BUILD, LIFT, MARTS, PUBLISH, TEST, Stage
from steps.publish.duckdb_file import FILE
from steps.publish.postgres_schemas import drop_generations
from warehouse.connection import duckdb_path, is_duckdb, postgres_parts
from warehouse.errors import UserError


def rebuild(token: str) -> None:
    """Build all models, and run the statistics and the tests.

    Args:
        token: Lets the commands pass the lock that this process holds.

    Raises:
        UserError: a model or the statistics fail; of tests, publish tells.
    """
    for stage in (BUILD, LIFT, MARTS):
        run_stage(stage, token)
    TEST.run([], token)


def republish(url: str, token: str, allowed: Iterable[str]) -> None:
    """Show readers the marts without the person, if they are shown any.

    Raises:
        UserError: they cannot be published, or somebody uses the generations before.
    """
    allowing = [f"--allow={name}" for name in allowed]
    if is_duckdb(url):
        if duckdb_path(url).with_name(FILE).exists():
            run_stage(PUBLISH, token, allowing)
        return
    with closing(psycopg2.connect(**postgres_parts(url))) as connection:
        with connection, connection.cursor() as cursor:
            cursor.execute("select to_regclass('marts.generations') is not null")
            is_published = cursor.fetchone() == (True,)
        if not is_published:
            return
        run_stage(PUBLISH, token, allowing)
        if kept := drop_generations(connection):
            raise UserError(
                f"{', '.join(kept)} of an older generation still have the person, and "
                "others use them: drop what reads them, and run it again"
            )


def run_stage(stage: Stage, token: str, arguments: Iterable[str] = ()) -> None:
    """Run a command of the night.

    Raises:
        UserError: it fails; with what it told.
    """
    if stage.run([*arguments], token):
        told = "; ".join(stage.errors()) or f"see {stage.log}"
        raise UserError(f"{stage.name} fails: {told}")
