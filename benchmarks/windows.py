"""Cumulative counts against a range join: `python -m benchmarks.windows`.

Both count the events before and after every push on the same DuckDB tables: one is
the model fct_push_windows as dbt runs it, the other joins every push with the
events in its windows. They run in turn, and their counts must be equal.
"""

import re
import statistics
import time
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

MODEL = Path("models/core/fct_push_windows.sql")
USERS = 1_500
EVENTS_PER_USER = 2_000
PUSHES_PER_USER = (1, 10, 30)
REPETITIONS = 3

METRICS = """
    create table push_metrics as
    select unnest(['sessions', 'closet_adds', 'offers_created']) as metric
"""
EVENTS = """
    create table fct_user_activity as
    select
        'user ' || number % $users as user_key,
        case
            when hash(number, 1) % 10 < 6 then 'sessions'
            when hash(number, 1) % 10 < 9 then 'closet_adds'
            else 'offers_created'
        end as activity_type,
        timestamptz '2026-07-01'
        + hash(number, 2) % (120 * 86400) * interval '1 second' as occurred_at
    from range($users * $events_per_user) as numbers (number)
"""
RECIPIENTS = """
    create or replace table fct_push_recipients as
    select
        *,
        sent_at - baseline_hours * interval '1 hour' as baseline_starts_at,
        sent_at + interval '48 hours' as post_ends_at
    from (
        select
            'campaign ' || number % $pushes as campaign_key,
            'user ' || number // $pushes as user_key,
            timestamptz '2026-08-01'
            + number % $pushes * 88 * 86400 // $pushes * interval '1 second'
                as sent_at,
            720::bigint as baseline_hours,
            true as is_included
        from range($users * $pushes) as numbers (number)
    )
"""
RANGE_JOIN = """
    select
        recipients.campaign_key,
        recipients.user_key,
        activity.activity_type as metric,
        recipients.baseline_hours,
        count(*) filter (where activity.occurred_at < recipients.sent_at)
            as baseline_count,
        count(*) filter (where activity.occurred_at >= recipients.sent_at)
            as post_count,
        recipients.is_included,
        recipients.sent_at
    from fct_push_recipients as recipients
    inner join fct_user_activity as activity
        on
            recipients.user_key = activity.user_key
            and activity.occurred_at >= recipients.baseline_starts_at
            and activity.occurred_at < recipients.post_ends_at
    group by all
"""
DIFFERENCE = """
    select count(*)
    from
        (
            (from cumulative except all from range_join)
            union all
            (from range_join except all from cumulative)
        )
"""


def seconds_to_create(
    connection: duckdb.DuckDBPyConnection, name: str, query: str
) -> float:
    """Return how long a query takes to fill a table."""
    start = time.perf_counter()
    connection.execute(f"create or replace table {name} as {query}")
    return time.perf_counter() - start


def measure(
    connection: duckdb.DuckDBPyConnection, queries: dict[str, str]
) -> dict[str, float]:
    """Return the median seconds of every query, run in turn.

    Raises:
        ValueError: the queries count differently.
    """
    seconds: dict[str, list[float]] = {name: [] for name in queries}
    for _ in range(REPETITIONS):
        for name, query in queries.items():
            seconds[name].append(seconds_to_create(connection, name, query))
    if connection.execute(DIFFERENCE).fetchone() != (0,):
        raise ValueError("cumulative counts and range join disagree")
    return {name: statistics.median(times) for name, times in seconds.items()}


def main() -> None:
    """Print seconds and ratio at three numbers of pushes a user."""
    model = re.sub(r"{{ ref\('(\w+)'\) }}", r"\1", MODEL.read_text())
    queries = {"cumulative": model, "range_join": RANGE_JOIN}
    table = Table(
        title=f"Events around every push, median of {REPETITIONS} runs on DuckDB"
    )
    for heading in (
        *("events", "pushes a user", "windows"),
        *("cumulative, s", "range join, s", "ratio"),
    ):
        table.add_column(heading, justify="right")
    with duckdb.connect() as connection:
        connection.execute(METRICS)
        size = {"users": USERS, "events_per_user": EVENTS_PER_USER}
        connection.execute(EVENTS, size)
        for pushes in PUSHES_PER_USER:
            connection.execute(RECIPIENTS, {"users": USERS, "pushes": pushes})
            seconds = measure(connection, queries)
            windows = connection.execute("select count(*) from cumulative").fetchone()
            table.add_row(
                f"{USERS * EVENTS_PER_USER:,}",
                str(pushes),
                f"{windows[0]:,}",
                f"{seconds['cumulative']:.2f}",
                f"{seconds['range_join']:.2f}",
                f"{seconds['range_join'] / seconds['cumulative']:.2f}",
            )
    Console().print(table)


if __name__ == "__main__":
    main()
