"""Datasets as `dbt build` leaves them, written by hand: tables and dbt's manifest."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from steps.export.__main__ import main
from tests.conftest import REPOSITORY
from tests.steps.warehouses import write_tables
from warehouse.origins import hash_key_id

KEY = "a key for tests"
VERSION = "1.0.0-20261031"
AS_OF = datetime(2026, 10, 31, 17, 5, 3, tzinfo=UTC)
INSTANT = pa.timestamp("us", "UTC")
ARROW_TYPES = {
    "text": pa.string(),
    "bigint": pa.int64(),
    "double precision": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamptz": INSTANT,
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Declared:
    """A column as a model's YAML declares it."""

    name: str
    data_type: str
    role: str | None = "feature"
    quasi_identifier: bool = False
    coarsen: str | int | None = None
    tests: tuple[tuple[str, dict[str, Any]], ...] = ()


NOT_NULL = ("not_null", {})
USER_KEY = Declared("user_key", "text", "key", tests=(NOT_NULL,))
SPLIT = Declared("split", "text", "split")
DATASET_VERSION = Declared("dataset_version", "text", "version")
PEOPLE = [
    USER_KEY,
    Declared("as_of_at", "timestamptz", "key", tests=(NOT_NULL,)),
    SPLIT,
    DATASET_VERSION,
    Declared(
        "platform",
        "text",
        quasi_identifier=True,
        tests=(("accepted_values", {"values": ["ios", "web"]}),),
    ),
    Declared("session_count", "bigint"),
    Declared("session_rate", "double precision"),
    Declared("label_retained", "boolean", "label", tests=(NOT_NULL,)),
]
SYSTEMS = [
    {
        "source_system": "chemlink",
        "known_until_at": AS_OF,
        "as_of": AS_OF,
        "is_configured": True,
    },
    {
        "source_system": "posthog",
        "known_until_at": None,
        "as_of": AS_OF,
        "is_configured": False,
    },
    {
        "source_system": "assistant",
        "known_until_at": None,
        "as_of": AS_OF,
        "is_configured": False,
    },
]
LABEL_SYSTEMS = [
    {"dataset": "ai_people", "source_system": "chemlink", "is_required": True},
    {"dataset": "ai_visitors", "source_system": "chemlink", "is_required": True},
    {"dataset": "ai_visitors", "source_system": "posthog", "is_required": True},
    {"dataset": "ai_people", "source_system": "assistant", "is_required": False},
]
CHECKS = [
    {"check_name": "orphans", "severity": "error", "is_passed": True},
    {"check_name": "future_dates", "severity": "error", "is_passed": None},
    {"check_name": "month_texts", "severity": "warn", "is_passed": False},
]
TERMS = [Declared("term", "text", "key"), SPLIT, DATASET_VERSION]


def people(count: int = 40, version: str = VERSION) -> list[Row]:
    """Invent rows of PEOPLE: two days of each person, and three splits."""
    return [
        {
            "user_key": f"user {number}",
            "as_of_at": AS_OF - timedelta(days=60 + day, minutes=number),
            "split": ("validation", "test", *["train"] * 6)[number % 8],
            "dataset_version": version,
            "platform": "ios" if number % 2 else "web",
            "session_count": None if number % 5 == 0 else number * day,
            "session_rate": number / 7,
            "label_retained": number % 4 == 0,
        }
        for number in range(count)
        for day in range(2)
    ]


def ai_table(columns: list[Declared], rows: Iterable[Row]) -> pa.Table:
    """Return a table of the schema ai."""
    types = [(column.name, ARROW_TYPES[column.data_type]) for column in columns]
    return pa.Table.from_pylist(list(rows), pa.schema(types))


def write_ai_warehouse(
    url: str, tables: dict[str, pa.Table], origin: str = "real", key: str = KEY
) -> None:
    """Create what `make load` and `dbt build` leave for the export."""
    words = ("question", "population", "label", "limitations")
    about = [
        {"dataset": name} | {word: f"The {word} of {name}." for word in words}
        for name in tables
    ]
    loaded = {"data_origin": origin, "hash_key_id": hash_key_id(key)}
    write_tables(
        url,
        {
            "core.dim_source_systems": pa.Table.from_pylist(
                [system | loaded for system in SYSTEMS]
            ),
            "aggregates.agg_data_quality": pa.Table.from_pylist(CHECKS),
            "seeds.ai_datasets": pa.Table.from_pylist(about),
            "seeds.ai_label_systems": pa.Table.from_pylist(LABEL_SYSTEMS),
            **{f"ai.{name}": table for name, table in tables.items()},
        },
    )


def write_manifest(folder: Path, models: dict[str, list[Declared]]) -> None:
    """Write what dbt knows about the models."""
    nodes: Row = {}
    for name, columns in models.items():
        nodes[f"model.growth.{name}"] = _node(name, columns)
        for column in columns:
            for test, arguments in column.tests:
                nodes[f"test.growth.{test}.{name}.{column.name}"] = {
                    "resource_type": "test",
                    "name": f"{test}_{name}_{column.name}",
                    "attached_node": f"model.growth.{name}",
                    "column_name": column.name,
                    "config": {"where": None},
                    "test_metadata": {"name": test, "kwargs": arguments},
                }
    target = folder / "target"
    target.mkdir(exist_ok=True)
    manifest = {"nodes": nodes, "macros": {}}
    (target / "manifest.json").write_text(json.dumps(manifest))


def _node(name: str, columns: list[Declared]) -> Row:
    return {
        "resource_type": "model",
        "name": name,
        "alias": name,
        "schema": "ai",
        "fqn": ["growth", "ai", name],
        "package_name": "growth",
        "description": f"One row per thing of {name}.",
        "checksum": {"checksum": "1" * 64},
        "depends_on": {"nodes": []},
        "columns": {
            column.name: {
                "name": column.name,
                "data_type": column.data_type,
                "description": f"What {column.name}\nmeans | to say.",
                "config": {
                    "meta": {
                        "quasi_identifier": column.quasi_identifier,
                        "coarsen": column.coarsen,
                    }
                    | ({"role": column.role} if column.role else {})
                },
            }
            for column in columns
        },
    }


def export(
    url: str, folder: Path, *arguments: str, key: str | None = KEY
) -> tuple[int, str, str]:
    """Run the export in a folder; return its exit code and what it printed."""
    printed, errors = StringIO(), StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(printed),
        redirect_stderr(errors),
    ):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["export", "--unpublished", *arguments])
        patch.setenv("WAREHOUSE_URL", url)
        patch.setenv("PII_HASH_KEY", key or "")
        try:
            code = main()
        except SystemExit as end:
            code = end.code
    return code, printed.getvalue(), errors.getvalue()


def start_export(url: str, folder: Path) -> subprocess.Popen:
    """Start `python -m steps.export` in a folder."""
    given = {
        "WAREHOUSE_URL": url,
        "PII_HASH_KEY": KEY,
        "PYTHONPATH": str(REPOSITORY),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "steps.export", "--unpublished"],
        cwd=folder,
        env=os.environ | given,
        stdout=subprocess.DEVNULL,
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
