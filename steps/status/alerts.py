"""The alerts of the mart `agg_alerts`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from adbc_driver_manager.dbapi import Connection

from warehouse.tables import read

MART = "agg_alerts"
CRITICAL = "critical"
SEVERITIES = (CRITICAL, "warning")
ALERTS = f"""
    select
        alert_id, kind, alert_severity as severity, metric, tags, message, times_seen,
        opened_at, last_seen_at, resolved_at
    from {MART}
    order by severity, opened_at desc, metric, tags, alert_id
"""  # noqa: S608 - our own name


@dataclass(frozen=True)
class Alert:
    """One fault of one subject.

    Attributes:
        kind: deviation, failed_test, failed_run, missing_run or stale_source.
        resolved_at: None while it is open.
    """

    alert_id: str
    kind: str
    severity: str
    metric: str
    tags: Mapping[str, str]
    message: str
    times_seen: int
    opened_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None

    @property
    def name(self) -> str:
        """What it is about."""
        return " ".join([self.metric, *self.tags.values()])

    @property
    def text(self) -> str:
        """The alert in a line."""
        if self.resolved_at:
            return f"resolved on {self.resolved_at:%Y-%m-%d %H:%M}: {self.name}"
        times = "" if self.times_seen == 1 else f", seen {self.times_seen} times"
        return (
            f"{self.severity}: {self.name}: {self.message}, "
            f"since {self.opened_at:%Y-%m-%d %H:%M}{times}"
        )

    def is_open_at(self, moment: datetime | None) -> bool:
        """Tell whether it was open then; None is now."""
        if moment is None:
            return self.resolved_at is None
        return self.opened_at < moment and (
            self.resolved_at is None or self.resolved_at >= moment
        )


def read_alerts(connection: Connection) -> list[Alert]:
    """Return all alerts, the gravest and newest first.

    Args:
        connection: Opened marts.
    """
    rows = read(connection, ALERTS).to_pylist()
    return [Alert(**row | {"tags": json.loads(row["tags"])}) for row in rows]
