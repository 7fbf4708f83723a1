"""A loader as many are: it pages by timestamp and remembers the last one it saw.

For `benchmarks.posthog` only: `python -m benchmarks.plain_posthog HOST KEY FILE`.
"""

import sys

import duckdb
import pandas as pd
from dlt.sources.helpers import requests

PAGE = 50_000
COLUMNS = ("uuid", "event", "distinct_id", "timestamp", "created_at", "properties")


def load_plainly(host: str, api_key: str, file: str) -> None:
    """Append all events after the last one to the table `events` of a DuckDB file."""
    with duckdb.connect(file) as database:
        columns = ", ".join(f'"{name}" varchar' for name in COLUMNS)
        database.execute(f"create table if not exists events ({columns})")
        while True:
            [(last,)] = database.execute(
                'select max("timestamp") from events'
            ).fetchall()
            where = f"where timestamp > toDateTime('{last}')" if last else ""
            query = (
                f"select {', '.join(COLUMNS)} from events {where} "  # noqa: S608
                f"order by timestamp limit {PAGE}"
            )
            answer = requests.post(
                f"{host}/api/projects/1/query/",
                json={
                    "query": {"kind": "HogQLQuery", "query": query},
                    "refresh": "force_blocking",
                },
                headers={"Authorization": f"Bearer {api_key}"},
            )
            rows = pd.DataFrame(answer.json()["results"], columns=COLUMNS)
            if rows.empty:
                return
            database.execute("insert into events select * from rows")


if __name__ == "__main__":
    load_plainly(*sys.argv[1:])
