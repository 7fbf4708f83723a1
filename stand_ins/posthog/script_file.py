"""A script of faults in a JSON file, for `python -m stand_ins.posthog --script`.

    {
      "faults": [
        {"fault": "fails", "status": 503, "first": 2, "times": 3},
        {"fault": "fails", "status": 429, "retry_after": 5, "first": 9},
        {"fault": "loses_rows", "count": 1, "containing": "select uuid"},
        {"fault": "repeats_page", "times": null},
        {"fault": "ends_early", "endpoint": "file"},
        {"fault": "adds_events", "first": 2, "rows": [{"uuid": "...", "event": "late"}]}
      ],
      "exports": [
        {"statuses": ["Starting", "Archiving", "Completed"], "parts": 3},
        {"statuses": ["Running", "Failed"]}
      ]
    }

`endpoint`, `first`, `times` and `containing` are those of `When` in `script.py`; what
else a fault has are the arguments of the function of that name in `faults.py` or
`interceptors.py`. A run has the statuses of a `RunPlan` and the fields of a `Make`.
"""

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from stand_ins.posthog import faults, interceptors
from stand_ins.posthog.export_runs import RunPlan
from stand_ins.posthog.faults import Fault
from stand_ins.posthog.interceptors import Interceptor, on_answer
from stand_ins.posthog.parquet import Make
from stand_ins.posthog.script import When
from stand_ins.posthog.server import StandIn
from stand_ins.posthog.store import Store

PLAIN: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        faults.hangs,
        faults.resets,
        faults.ends_early,
        faults.is_no_json,
        faults.reports_error,
        faults.claims_cache,
        faults.turns_columns,
        faults.adds_column,
        faults.repeats_row,
    )
}
WITH_ARGUMENTS: dict[str, Callable[..., Fault]] = {
    fault.__name__: fault
    for fault in (
        faults.fails,
        faults.spends_budget,
        faults.drips,
        faults.too_slow_above,
        faults.lacks_column,
        faults.loses_rows,
        faults.truncates,
    )
}
WHEN = {field.name for field in fields(When)}


class ScriptError(Exception):
    """A script that cannot be played, and the reason."""


def play_file(stand_in: StandIn, path: Path) -> None:
    """Add the faults and export runs of a file to those to come.

    Raises:
        ScriptError: the file is not as described above.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        for entry in content.get("faults", []):
            when = When(**{key: entry[key] for key in WHEN & entry.keys()})
            arguments = {key: entry[key] for key in entry.keys() - WHEN - {"fault"}}
            interceptor = _interceptor(stand_in.store, entry["fault"], arguments)
            stand_in.faults.intercept(interceptor, when)
        stand_in.exports.extend(_plan(entry) for entry in content.get("exports", []))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ScriptError(f"{path}: {type(error).__name__}: {error}") from error


def _interceptor(store: Store, name: str, arguments: dict[str, Any]) -> Interceptor:
    if name == "adds_events":
        rows = pa.Table.from_pylist(arguments["rows"])
        return interceptors.after(lambda: store.add("stored_events", rows))
    if name in WITH_ARGUMENTS:
        return on_answer(WITH_ARGUMENTS[name](**arguments))
    if arguments:
        raise ValueError(f"{name} takes no {', '.join(sorted(arguments))}")
    if name == "repeats_page":
        return interceptors.repeats_page()
    if name == "answers_from_cache":
        return interceptors.answers_from_cache
    return on_answer(PLAIN[name])


def _plan(entry: dict[str, Any]) -> RunPlan:
    make = Make(**{key: entry[key] for key in entry.keys() - {"statuses"}})
    return RunPlan(tuple(entry.get("statuses", RunPlan.statuses)), make)
