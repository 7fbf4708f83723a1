"""dbt's warehouse, its lock and its memory, as ours; dbt loads whatever is `dbt_...`.

It has to be found, for which `make setup` sees; else the project refuses to run, by the
macro `require_one_writer`.
"""

import os
from dataclasses import replace
from functools import partial
from hashlib import md5
from pathlib import Path
from urllib.parse import quote, urlencode

import click
from dbt.adapters.contracts.connection import Credentials
from dbt.flags import get_flags
from dbt.plugins.manager import dbtPlugin
from dbt_common.context import get_invocation_context

from warehouse.connection import DUCKDB_PREFIX, OPTIONS_OF_DBT, OTHERS, connect
from warehouse.memory import memory_limit
from warehouse.one_writer import TOKEN, one_writer
from warehouse.profile import credentials
from warehouse.settings import SOURCE_VARIABLES, read_settings
from warehouse.spark import close_session, open_session, session_settings
from warehouse.telemetry import RUN_ID, is_recording, run_id
from warehouse.versions import BUILD, check_loaded, record_version

PROJECT = "growth_warehouse"
MACROS = Path(__file__).with_name("macros")
# dbt tells a macro what models and seeds are, but not what macros are.
MACROS_DIGEST = "MACROS_DIGEST"
BUILDING = {"build", "run", "test", "seed", "snapshot"}
WRITING = {*BUILDING, "clone", "retry", "run-operation"}
READING = {"show", "compile", "generate", "freshness"}


class OneWriter(dbtPlugin):
    """Names the warehouse, and holds its lock until the command of dbt is over."""

    def initialize(self) -> None:
        """Read the URL of the warehouse, and take the lock.

        Raises:
            UserError: it does not open, is of another version, or another command
                holds it; dbt tells it.
        """
        if self.project_name != PROJECT:
            return
        context, command = click.get_current_context(), get_flags().WHICH
        profile = context.obj["profile"]
        if profile.credentials.type == "postgres" and (
            given := os.environ.get("WAREHOUSE_URL")
        ):
            profile.credentials = replace(profile.credentials, **credentials(given))
        if profile.credentials.type == "duckdb":
            profile.credentials.settings["memory_limit"] = memory_limit()
        if profile.credentials.type == "spark":
            # dbt-spark would switch off ANSI
            profile.credentials.server_side_parameters = session_settings()
            os.environ["SPARK_REMOTE"] = read_settings().warehouse_url
        if command not in WRITING | READING:
            return
        url = _warehouse_url(profile.credentials)
        if command in WRITING:
            os.umask(OTHERS)  # of what DuckDB writes beside the warehouse
            writer = one_writer(url, f"dbt {command}")
            environment = get_invocation_context().env
            environment[TOKEN] = context.with_resource(writer)
            environment[RUN_ID] = run_id() if is_recording() else ""
        with connect(url) as connection:  # says in one line why it does not open
            if command in BUILDING:
                check_loaded(connection, SOURCE_VARIABLES)
            if command in BUILDING - {"test"}:
                record_version(connection, BUILD)
            connection.commit()
        if profile.credentials.type == "spark":
            texts = (path.read_bytes() for path in sorted(MACROS.rglob("*.sql")))
            digest = md5(b"".join(texts), usedforsecurity=False).hexdigest()
            get_invocation_context().env[MACROS_DIGEST] = digest
            # dbt takes the session that there is
            context.call_on_close(partial(close_session, open_session(url)))


def _warehouse_url(found: Credentials) -> str:
    if found.type == "duckdb":
        return f"{DUCKDB_PREFIX}{found.path}"
    if found.type == "spark":
        return read_settings().warehouse_url
    parts = {**found.to_dict(), "dbname": found.database}
    given = {name: parts[name] for name in OPTIONS_OF_DBT & parts.keys() if parts[name]}
    return f"postgresql://?{urlencode(given, quote_via=quote)}"


plugins = [OneWriter]
