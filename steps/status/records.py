"""A status for programs: JSON, and CSV with a row per alert and series."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from steps.status.alerts import Alert
from steps.status.series import Series
from steps.status.status import Status

Record = dict[str, Any]


def record_of(one: Alert | Series) -> Record:
    """Return all that is known of an alert or a series."""
    if isinstance(one, Alert):
        return {
            "metric": one.metric,
            "tags": dict(one.tags),
            "kind": one.kind,
            "severity": one.severity,
            "message": one.message,
            "times_seen": one.times_seen,
            "opened_at": one.opened_at.isoformat(),
            "last_seen_at": one.last_seen_at.isoformat(),
            "resolved_at": one.resolved_at and one.resolved_at.isoformat(),
        }
    low, high = one.band or (None, None)
    return {
        "metric": one.metric,
        "tags": dict(one.tags),
        "at": one.last["bucket_starts_at"].isoformat(),
        "value": one.last["value"],
        "usual": one.last["median"],
        "low": low,
        "high": high,
        "change_share": one.change_share,
        "state": one.last["state"],
        "severity": one.last["severity"],
        "n": len(one.known),
        "min": min(one.known, default=None),
        "mean": one.mean,
        "max": max(one.known, default=None),
        "values": one.values,
    }


def as_json(status: Status) -> str:
    """Return a status as JSON."""
    content = {
        "dashboard": status.dashboard,
        "marts": status.marts,
        "since": str(status.period.since),
        "until": str(status.period.until),
        "open_alerts": dict(status.open_alerts),
        "widgets": [
            {
                "title": table.widget.title,
                "widget": table.widget.kind,
                "rows": [record_of(row) for row in table.rows],
                "more": table.more,
            }
            for table in status.tables
        ],
    }
    return json.dumps(content, indent=1) + "\n"


def as_csv(status: Status) -> str:
    """Return the rows of a status; what a row does not have is empty."""
    rows = [
        {"widget": table.widget.kind, "title": table.widget.title, **record_of(row)}
        for table in status.tables
        for row in table.rows
    ]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {name: _cell(value) for name, value in row.items()} for row in rows
    )
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, Mapping | list):
        return json.dumps(value)
    return value
