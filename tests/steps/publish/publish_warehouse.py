"""A small warehouse as load, build and tests leave it."""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg2

from steps.publish.gate import STATISTICS
from tests.helpers.commands import run_module
from warehouse.connection import connect, is_duckdb
from warehouse.states import LIFT, SUCCESS, record

PROJECT = "growth_warehouse"
COLUMNS = {
    "core.dim_users": {"user_key": "text", "lifecycle_stage": "text"},
    "core.fct_user_activity": {"event_key": "text", "source_id": "text"},
    "core.bridge_user_identities": {"source_id": "text", "user_key": "text"},
    "core.dim_source_systems": {
        "source_system": "text",
        "is_configured": "boolean",
        "tracking_started_at": "timestamptz",
        "as_of": "timestamptz",
        "data_origin": "text",
        "hash_key_id": "text",
    },
    "aggregates.agg_push_layer_summary": {"layer_id": "bigint", "metric": "text"},
    "ai.ai_churn": {"user_key": "text", "as_of_at": "timestamptz"},
}
ROWS = {
    "core.dim_users": "('ann', 'new'), ('bob', 'churned')",
    "core.fct_user_activity": "('vote', '17')",
    "core.bridge_user_identities": "('4711', 'ann')",
    "core.dim_source_systems": (
        "('posthog', true, '2026-01-02 00:00:00+00', '2026-01-31 12:00:00+00', "
        "'real', 'k1'), "
        "('kratos', false, null, '2026-01-31 12:00:00+00', null, null)"
    ),
    "aggregates.agg_push_layer_summary": "(null, 'sessions')",
    "ai.ai_churn": "('ann', '2026-01-31 00:00:00+00')",
}
KEYS = {
    "core.dim_users": ["user_key"],
    "core.fct_user_activity": ["event_key"],
    "aggregates.agg_push_layer_summary": ["layer_id", "metric"],
    "ai.ai_churn": ["user_key", "as_of_at"],
}
REQUIRED = {
    "core.dim_users": ["user_key"],
    "core.fct_user_activity": ["event_key"],
    "ai.ai_churn": ["user_key", "as_of_at"],
}
PUBLISHED = {
    "marts.dim_users": 2,
    "marts.fct_user_activity": 1,
    "marts.dim_source_systems": 2,
    "marts.agg_push_layer_summary": 1,
    "training.ai_churn": 1,
}


def model(name: str, parents: Iterable[str] = (), materialized: str = "table") -> dict:
    """Return a model as dbt's manifest has it; of `core.dim_users` and the like."""
    schema, alias = name.split(".")
    columns = {
        column: {
            "name": column,
            "description": f"The {column} of\n  it's row.",
            "config": {
                "meta": {"publish": False} if (alias, column) in _INSIDE else {}
            },
        }
        for column in COLUMNS.get(name, ())
    }
    return {
        "resource_type": "model",
        "name": alias,
        "alias": alias,
        "schema": schema,
        "access": "protected" if alias.startswith("bridge") else "public",
        "description": f"One row per {alias}.",
        "columns": columns,
        "config": {"meta": {}, "materialized": materialized},
        "depends_on": {"nodes": list(parents)},
    }


_INSIDE = {("fct_user_activity", "source_id")}


def quality_test(name: str, kind: str, columns: list[str]) -> dict:
    """Return a test of a model as dbt's manifest has it."""
    tested = f"model.{PROJECT}.{name.split('.')[1]}"
    metadata = {"name": kind, "kwargs": {"columns": columns}}
    return {
        "resource_type": "test",
        "name": f"{kind}_{name.split('.')[1]}_{'_'.join(columns)}",
        "alias": "a_test",
        "schema": "tests",
        "attached_node": tested,
        "column_name": columns[0],
        "test_metadata": metadata,
        "config": {"meta": {}, "materialized": "test"},
        "depends_on": {"nodes": [tested]},
    }


def manifest() -> dict[str, Any]:
    """Return what dbt would write about the project."""
    nodes = {f"model.{PROJECT}.{name.split('.')[1]}": model(name) for name in COLUMNS}
    users = nodes[f"model.{PROJECT}.dim_users"]
    users["depends_on"]["nodes"] = [f"source.{PROJECT}.staging_neon.users"]
    tests = [
        *(quality_test(name, "unique_together", key) for name, key in KEYS.items()),
        *(
            quality_test(name, "not_null", [one])
            for name in REQUIRED
            for one in REQUIRED[name]
        ),
    ]
    users_name = f"model.{PROJECT}.dim_users"
    return {
        "nodes": nodes | {f"test.{PROJECT}.{test['name']}": test for test in tests},
        "exposures": {STATISTICS: {"depends_on": {"nodes": [users_name]}}},
    }


@dataclass(frozen=True)
class PublishWarehouse:
    """A warehouse and the folder in which it is published."""

    url: str
    folder: Path

    @classmethod
    def make(cls, url: str, folder: Path) -> "PublishWarehouse":
        """Make what load, build and tests leave."""
        warehouse = cls(url, folder)
        warehouse.execute(
            *(f"create schema {schema}" for schema in ("core", "aggregates", "ai")),
            *(
                f"create table {name} "
                f"({', '.join(f'{column} {kind}' for column, kind in columns.items())})"
                for name, columns in COLUMNS.items()
            ),
            *(f"insert into {name} values {rows}" for name, rows in ROWS.items()),
        )
        (folder / "target").mkdir()
        (folder / "target/manifest.json").write_text(json.dumps(manifest()))
        warehouse.record(**{f"load.{source}": SUCCESS for source in SOURCES})
        warehouse.record(
            **{
                name: "pass" if node["resource_type"] == "test" else SUCCESS
                for name, node in manifest()["nodes"].items()
            }
        )
        warehouse.record(**{LIFT: SUCCESS})
        return warehouse

    def execute(self, *statements: str) -> None:
        """Change what is in it."""
        with connect(self.url) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    def record(self, **statuses: str) -> None:
        """Let something have ended in some way."""
        with connect(self.url) as connection:
            record(connection, statuses)
            connection.commit()

    def publish(
        self, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the step, and keep what it prints."""
        return run_module(
            "steps.publish",
            *arguments,
            folder=self.folder,
            environment=os.environ | {"WAREHOUSE_URL": self.url} | environment,
        )

    @contextmanager
    def reader(self) -> Iterator["Reader"]:
        """Read what is published, all of one generation."""
        if is_duckdb(self.url):
            connection = duckdb.connect(self.folder / "marts.duckdb", read_only=True)
            connection.execute("set TimeZone = 'UTC'")
            cursor = connection
        else:
            connection = psycopg2.connect(self.url)
            cursor = connection.cursor()
            cursor.execute("set timezone = 'UTC'")
        try:
            yield Reader(cursor)
        finally:
            connection.close()


SOURCES = ("neon", "chemlink", "engagement", "assistant", "posthog")


@dataclass(frozen=True)
class Reader:
    """A connection of somebody who reads what is published."""

    cursor: Any

    def rows(self, sql: str) -> list[tuple]:
        """Return the rows of a query."""
        self.cursor.execute(sql)
        return self.cursor.fetchall()

    def generation(self) -> tuple[int, dict[str, int]]:
        """Return the newest generation, and how many rows its tables should have."""
        [(number, counts)] = self.rows(
            "select generation_id, row_counts from marts.generations "
            "order by generation_id desc limit 1"
        )
        return number, json.loads(counts)

    def counted(self) -> dict[str, int]:
        """Return how many rows the tables have."""
        return {
            name: self.rows(f"select count(*) from {name}")[0][0] for name in PUBLISHED
        }
