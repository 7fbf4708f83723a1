"""A dashboard of marts: the same rows for the screen and for files."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from loaders.telemetry.catalogue import Metric
from steps.marts import Marts
from steps.status.alerts import Alert, read_alerts
from steps.status.dashboards import ALERTS, RESOLVED, Widget
from steps.status.series import Series, newest_bucket, read_series
from warehouse.errors import UserError

USUAL_DAYS = 28
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days in UTC, both included."""

    since: date
    until: date

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return datetime.combine(self.since, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.until, time(), UTC) + ONE_DAY


@dataclass(frozen=True)
class Table:
    """What a widget shows.

    Attributes:
        rows: alerts, or series, as many as there is place for.
        more: How many others there are.
    """

    widget: Widget
    rows: list[Alert] | list[Series]
    more: int


@dataclass(frozen=True)
class Status:
    """A dashboard.

    Attributes:
        marts: Which marts it is of, in words.
        alerts: Those that are open, or were at the end of a period that was asked for.
    """

    dashboard: str
    marts: str
    period: Period
    alerts: list[Alert]
    tables: list[Table]

    @property
    def open_alerts(self) -> Counter[str]:
        """How many alerts are open, by severity."""
        return Counter(alert.severity for alert in self.alerts)


def read_status(
    marts: Marts,
    dashboard: tuple[str, list[Widget]],
    days: tuple[date | None, date | None],
    tags: Mapping[str, str],
    catalogue: Iterable[Metric],
) -> Status:
    """Read a dashboard.

    Args:
        marts: Opened marts.
        dashboard: Its name and its widgets.
        days: The first and the last day; by default the newest weeks.
        tags: What has one of these has it with this value, or is not shown.
        catalogue: The metrics that are known.

    Raises:
        UserError: nothing is measured.
    """
    newest = newest_bucket(marts.connection)
    if newest is None:
        raise UserError(
            "this warehouse has no telemetry: run `make load build publish`, or "
            "`make night`"
        )
    name, widgets = dashboard
    since, until = days
    last = until or max(newest.astimezone(UTC).date(), since or date.min)
    period = Period(since or last - timedelta(days=USUAL_DAYS - 1), last)
    moment = period.end if until else None
    alerts = [alert for alert in read_alerts(marts.connection) if _has(alert, tags)]
    opened = [alert for alert in alerts if alert.is_open_at(moment)]
    resolved = [
        alert
        for alert in alerts
        if alert.resolved_at
        and period.start <= alert.resolved_at
        and (moment is None or alert.resolved_at < moment)
    ]
    tables = []
    for widget in widgets:
        if widget.kind in (ALERTS, RESOLVED):
            chosen = opened if widget.kind == ALERTS else resolved
            rows = [alert for alert in chosen if widget.shows(alert.metric)]
        else:
            names = widget.metrics(metric.name for metric in catalogue)
            found = read_series(marts.connection, names, period.start, period.end)
            rows = [series for series in found if _has(series, tags)]
            rows.sort(key=lambda series: series.unlikeness, reverse=True)
        # what is not shown has to be chosen after what is not asked for is left out
        shown = rows[: widget.line_limit]
        tables.append(Table(widget, shown, len(rows) - len(shown)))
    return Status(name, marts.description, period, opened, tables)


def _has(one: Alert | Series, tags: Mapping[str, str]) -> bool:
    return all(one.tags.get(name) == value for name, value in tags.items())
