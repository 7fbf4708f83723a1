"""How much memory DuckDB may take, in every command alike: WAREHOUSE_MEMORY."""

import re
from functools import cache

import duckdb

from warehouse.errors import UserError
from warehouse.settings import read_settings

AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT]i?B)", re.IGNORECASE)
# By itself DuckDB takes 80 % of the machine, or of the container.
SHARE = 0.6 / 0.8


def memory_limit() -> str:
    """Return the limit as DuckDB reads it; what does not fit goes to disk.

    Raises:
        UserError: WAREHOUSE_MEMORY is no amount of memory.
    """
    given = read_settings().warehouse_memory
    if given is None:
        return share_of_the_machine()
    found = AMOUNT.fullmatch(given.strip())
    if not found or not float(found[1]):
        raise UserError(
            f"WAREHOUSE_MEMORY is {given!r}: use an amount with its unit, such as 4GB"
        )
    return found[0]


@cache
def share_of_the_machine() -> str:
    """Return what is taken when nothing is set: six tenths of all memory."""
    with duckdb.connect() as connection:
        connection.execute("select current_setting('memory_limit')")
        amount, unit = AMOUNT.fullmatch(connection.fetchone()[0]).groups()
    return f"{SHARE * float(amount):.1f}{unit}"
