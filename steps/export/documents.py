"""What stands beside the data of a version, for programs: manifest and JSON Schema."""

import json
from dataclasses import asdict
from typing import Any

from steps.export.columns import USER_KEY, Column
from steps.export.files import File
from steps.export.version import Version

PSEUDONYM = "^[0-9a-f]{64}$"


def to_json(document: dict[str, Any]) -> str:
    """Write a document, the same bytes for the same content."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def manifest(version: Version, files: list[File]) -> dict[str, Any]:
    """Say what is in the files, what they are made of, and what was withheld."""
    dataset = version.dataset
    return {
        "dataset": dataset.name,
        "version": version.name,
        "as_of": version.terms.as_of,
        "generation": version.terms.generation,
        "is_published": version.terms.generation is not None,
        "consumer": version.terms.consumer,
        "allowed_failures": list(version.terms.allowed),
        "code_version": version.code_version,
        "columns": [
            {
                "name": column.name,
                "type": str(column.type.arrow),
                "role": column.role,
                "quasi_identifier": column.is_quasi_identifier,
            }
            for column in dataset.written
        ],
        "k": version.terms.k if dataset.is_about_people else None,
        "rows": version.rows,
        "withheld_rows": version.withheld,
        "class_balance": version.class_balance,
        "content_hash": version.hex_hashes,
        "files": [asdict(file) for file in files],
    }


def row_schema(version: Version) -> dict[str, Any]:
    """Describe a row as JSON Schema."""
    columns = version.dataset.written
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A row of {version.dataset.name} {version.name}",
        "description": version.dataset.description,
        "type": "object",
        "properties": {column.name: _value_schema(column) for column in columns},
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }


def _value_schema(column: Column) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "description": f"{column.description} {column.note}".strip()
    }
    schema |= column.type.json_schema
    if column.name == USER_KEY:
        schema["pattern"] = PSEUDONYM
    if column.values:
        schema["enum"] = list(column.values)
    if not column.is_required:
        schema["type"] = [schema["type"], "null"]
        if column.values:
            schema["enum"].append(None)
    return schema
