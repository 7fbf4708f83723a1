"""The world's files: what sources write, PostHog's tables, and what is true."""

import json
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet

from demo.world import World
from warehouse.errors import UserError

AUTOMATIONS = "automations"
PUSH_LOGS = "push_logs"
POSTHOG = "posthog"
TELEMETRY = "telemetry"
TRUTH = "truth.json"
TELEMETRY_TRUTH = "telemetry_truth.json"
ASSISTANT_LABELS = "assistant_labels.csv"
PERSONAL_VALUES = "personal_values.txt"


def write_files(directory: Path, world: World) -> None:
    """Write everything but the databases below an existing directory."""
    for folder, documents in (
        (AUTOMATIONS, world.automations),
        (PUSH_LOGS, world.push_jobs),
    ):
        (directory / folder).mkdir()
        for name, document in documents.items():
            _write_json(directory / folder / f"{name}.json", document)
    (directory / POSTHOG).mkdir()
    for name, rows in world.posthog.items():
        pyarrow.parquet.write_table(rows, directory / POSTHOG / f"{name}.parquet")
    (directory / TELEMETRY).mkdir()
    for name, lines in world.telemetry.items():
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        (directory / TELEMETRY / name).write_text(text, encoding="utf-8")
    _write_json(directory / TELEMETRY_TRUTH, world.telemetry_truth)
    _write_json(directory / TRUTH, world.truth)
    pyarrow.csv.write_csv(world.assistant_labels, directory / ASSISTANT_LABELS)
    (directory / PERSONAL_VALUES).write_text(
        "\n".join(sorted(world.personal_values)) + "\n", encoding="utf-8"
    )


def require_world(directory: Path) -> None:
    """Check that a directory holds a world.

    Raises:
        UserError: it does not.
    """
    if not (directory / TRUTH).exists():
        raise UserError(f"{directory} holds no demo world: run `python -m demo` first")


def read_truth(directory: Path) -> dict[str, Any]:
    """Return the campaigns of a world and their true effects.

    Raises:
        UserError: there is no world.
    """
    require_world(directory)
    return json.loads((directory / TRUTH).read_text(encoding="utf-8"))


def personal_values(directory: Path) -> set[str]:
    """Return every e-mail, name, phone number and device token of a world."""
    text = (directory / PERSONAL_VALUES).read_text(encoding="utf-8")
    return set(text.splitlines())


def _write_json(path: Path, document: dict[str, Any] | list) -> None:
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
