"""dbt's part in having one writer at a time; dbt loads whatever is called `dbt_...`.

It has to be found, for which `make setup` sees; else the project refuses to run, by the
macro `require_one_writer`.
"""

from urllib.parse import quote, urlencode

import click
from dbt.adapters.contracts.connection import Credentials
from dbt.flags import get_flags
from dbt.plugins.manager import dbtPlugin
from dbt_common.context import get_invocation_context

from warehouse.connection import DUCKDB_PREFIX, OPTIONS_OF_DBT, connect, is_duckdb
from warehouse.one_writer import TOKEN, one_writer

PROJECT = "growth_warehouse"
BUILDING = {"build", "run", "test", "seed", "snapshot"}
WRITING = {*BUILDING, "clone", "retry", "run-operation"}
READING = {"show", "compile", "generate", "freshness"}


class OneWriter(dbtPlugin):
    """Holds the lock of the warehouse until the command of dbt is over."""

    def initialize(self) -> None:
        """Take the lock.

        Raises:
            UserError: another command holds it, or the DuckDB file; dbt tells it.
        """
        command = get_flags().WHICH
        if self.project_name != PROJECT or command not in WRITING | READING:
            return
        context = click.get_current_context()
        url = _warehouse_url(context.obj["profile"].credentials)
        if command in WRITING:
            writer = one_writer(url, f"dbt {command}")
            get_invocation_context().env[TOKEN] = context.with_resource(writer)
        if is_duckdb(url):
            connect(url).close()  # says in one line who has the file open


def _warehouse_url(credentials: Credentials) -> str:
    if credentials.type == "duckdb":
        return f"{DUCKDB_PREFIX}{credentials.path}"
    parts = {**credentials.to_dict(), "dbname": credentials.database}
    given = {name: parts[name] for name in OPTIONS_OF_DBT & parts.keys() if parts[name]}
    return f"postgresql://?{urlencode(given, quote_via=quote)}"


plugins = [OneWriter]
