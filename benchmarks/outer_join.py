"""A hash join against a nested loop: `python -m benchmarks.outer_join`.

Both find the first actions of every user on the same DuckDB tables: one is the model
int_ai_first_actions as dbt runs it, the other the same with one outer join on all
conditions, which DuckDB runs as a nested loop. Their rows must be equal.
"""

import re
import time
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

MODEL = Path("models/intermediate/training/int_ai_first_actions.sql")
ACTIONS_PER_USER = 100
USERS = (1_000, 2_000, 4_000)

TABLES = """
    create or replace table int_ai_users as
    select
        'user ' || number as user_key,
        timestamptz '2026-01-01' + number % 90 * interval '1 day' as signup_at
    from range({users}) as numbers (number);

    create or replace table int_ai_activity as
    select
        users.*,
        case when hash(user_key, number, 1) % 2 = 0 then 'sessions' else 'login' end
            as activity_type,
        hash(user_key, number, 2) % 50 = 0 as is_activation,
        signup_at + hash(user_key, number, 3) % 120 * interval '8 hours'
            as occurred_at,
        case
            when hash(user_key, number, 4) % 20 = 0 then signup_at + interval '5 days'
        end as voided_at
    from int_ai_users as users
    cross join range({actions}) as numbers (number);
"""
DIFFERENCE = """
    select count(*)
    from (
        (from hash_join except all from nested_loop)
        union all
        (from nested_loop except all from hash_join)
    )
"""


def cpu_seconds(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> float:
    """Return what it costs to fill a table by a query."""
    start = time.process_time()
    connection.execute(f"create or replace table {name} as {query}")
    return time.process_time() - start


def main() -> None:
    """Print CPU seconds and their ratio at growing numbers of users.

    Raises:
        ValueError: the two ways find different actions.
    """
    model = re.sub(r"{{ ref\('(\w+)'\) }}", r"\1", MODEL.read_text())
    outer_join = model.replace("inner join activity", "left join activity")
    queries = {
        "hash_join": model,
        "nested_loop": outer_join.replace("where\n", "and\n", 1),
    }
    table = Table(title=f"First actions, {ACTIONS_PER_USER} actions a user, on DuckDB")
    for heading in ("users", "hash join, CPU s", "nested loop, CPU s", "ratio"):
        table.add_column(heading, justify="right")
    with duckdb.connect() as connection:
        for users in USERS:
            connection.execute(TABLES.format(users=users, actions=ACTIONS_PER_USER))
            seconds = {
                name: cpu_seconds(connection, name, query)
                for name, query in queries.items()
            }
            if connection.execute(DIFFERENCE).fetchone() != (0,):
                raise ValueError("hash join and nested loop disagree")
            table.add_row(
                f"{users:,}",
                f"{seconds['hash_join']:.2f}",
                f"{seconds['nested_loop']:.2f}",
                f"{seconds['nested_loop'] / seconds['hash_join']:.0f}",
            )
    Console().print(table)


if __name__ == "__main__":
    main()
