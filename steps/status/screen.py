"""A status for people: 80 columns of a terminal, or Markdown."""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from statistics import fmean

from rich.console import Console
from rich.table import Table as TextTable
from rich.text import Text

from loaders.telemetry.catalogue import Metric
from steps.report.formats import NOTHING, plain_markdown
from steps.status.alerts import CRITICAL, SEVERITIES, Alert
from steps.status.series import Series
from steps.status.status import Status, Table

WIDTH = 80
MOST_WRITTEN = 1e12  # what is more has its digits counted
MOST_CHANGED = 10_000  # times: of next to nothing anything is many times as much
BARS = "▁▂▃▄▅▆▇█"
SHORT, LONG = 16, 40  # sparklines, in signs
STYLES = {CRITICAL: "bold red", "warning": "yellow"}
# the largest that a value reaches is its unit
SCALES = {
    "s": ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"), (1e-3, "ms")),
    "By": ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B")),
}

Cells = list[str]
Catalogue = Mapping[str, Metric]


def amount(value: float | None, unit: str) -> str:
    """Write a value with its unit; what is not known is no 0."""
    if value is None:
        return NOTHING
    if unit not in SCALES:
        return _digits(value)
    scales = SCALES[unit]
    reached = (scale for scale in scales if abs(value) >= scale[0])
    size, name = next(reached, scales[-1])
    return f"{_digits(value / size)} {name}"


def _digits(value: float) -> str:
    is_long = abs(value) < MOST_WRITTEN and (abs(value) >= 100 or value == int(value))
    return f"{value:,.0f}" if is_long else f"{value:.3g}"


def sparkline(values: list[float | None], width: int) -> str:
    """Draw values from left to right, the newest at the right; `·` is not known."""
    step = max(1, -(-len(values) // width))
    parts = [
        [value for value in values[max(0, end - step) : end] if value is not None]
        for end in range(len(values), 0, -step)
    ][::-1]
    means = [fmean(part) if part else None for part in parts]
    known = [mean for mean in means if mean is not None]
    low, high = min(known, default=0), max(known, default=0)
    top = len(BARS) - 1

    def sign(mean: float | None) -> str:
        if mean is None:
            return "·"
        return BARS[round(top * (mean - low) / (high - low))] if high > low else BARS[0]

    return "".join(map(sign, means))


def header(status: Status) -> list[str]:
    """Return the lines above the tables."""
    counts = [
        f"{status.open_alerts[severity]} {severity}"
        for severity in SEVERITIES
        if status.open_alerts[severity]
    ]
    return [
        f"Status, {status.dashboard}: {status.period.since} to {status.period.until}",
        f"Marts: {status.marts}. Open alerts: {', '.join(counts) or 'none'}.",
    ]


def lines_of(table: Table, catalogue: Catalogue) -> tuple[Cells, list[Cells]]:
    """Return the headings and the cells of a widget."""
    headings, write = WIDGETS[table.widget.kind]
    return headings, [write(row, _unit(row, catalogue)) for row in table.rows]


def print_status(status: Status, catalogue: Catalogue) -> None:
    """Print a status in 80 columns."""
    console = Console(
        file=sys.stdout, width=WIDTH, markup=False, emoji=False, highlight=False
    )
    for line in header(status):
        console.print(line)
    for table in status.tables:
        headings, lines = lines_of(table, catalogue)
        console.print(f"\n{table.widget.title}" + (": none" if not lines else ""))
        if not lines:
            continue
        text = TextTable(box=None, padding=(0, 2, 0, 0), pad_edge=False)
        for number, heading in enumerate(headings):
            is_text = number == 0 or isinstance(table.rows[0], Alert)
            text.add_column(
                heading,
                justify="left" if is_text or heading == TREND else "right",
                no_wrap=number > 0 and heading != MESSAGE,
                overflow="fold",
                header_style="dim",
            )
        for row, cells in zip(table.rows, lines, strict=True):
            style = STYLES.get(_severity(row) or "", "")
            text.add_row(*(Text(cell) for cell in cells), style=style)
        console.print(text)
        if table.more:
            console.print(f"and {table.more} more", style="dim")


def as_markdown(status: Status, catalogue: Catalogue) -> str:
    """Return a status as Markdown."""
    title, *others = header(status)
    parts = [f"# {title}", *others]
    for table in status.tables:
        headings, lines = lines_of(table, catalogue)
        parts.append(f"## {table.widget.title}")
        if not lines:
            parts.append("None.")
            continue
        rows = [headings, ["---"] * len(headings)]
        rows += [[plain_markdown(cell) for cell in cells] for cells in lines]
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
        if table.more:
            parts.append(f"And {table.more} more.")
    return "\n\n".join(parts) + "\n"


def _unit(row: Alert | Series, catalogue: Catalogue) -> str:
    metric = catalogue.get(row.metric)
    return metric.unit if metric else ""


def _severity(row: Alert | Series) -> str | None:
    return row.severity if isinstance(row, Alert) else row.last["severity"]


def _alert(alert: Alert, _: str) -> Cells:
    return [
        alert.name,
        alert.severity,
        alert.message,
        _day(alert.opened_at),
        f"{alert.times_seen}",
    ]


def _resolved(alert: Alert, _: str) -> Cells:
    return [*_alert(alert, _)[:-1], _day(alert.resolved_at)]


def _value(series: Series, unit: str) -> Cells:
    change = series.change_share
    return [
        _name(series),
        _day(series.last["bucket_starts_at"]),
        amount(series.last["value"], unit),
        amount(series.last["median"], unit),
        NOTHING if change is None or abs(change) >= MOST_CHANGED else f"{change:+.0%}",
        sparkline(series.values[-SHORT:], SHORT),
    ]


def _band(series: Series, unit: str) -> Cells:
    low, high = series.band or (None, None)
    return [
        _name(series),
        _day(series.last["bucket_starts_at"]),
        amount(series.last["value"], unit),
        amount(low, unit),
        amount(high, unit),
        series.last["severity"] or series.last["state"].replace("_", " "),
    ]


def _chart(series: Series, unit: str) -> Cells:
    return [
        _name(series),
        amount(min(series.known, default=None), unit),
        sparkline(series.values, LONG),
        amount(max(series.known, default=None), unit),
    ]


def _summary(series: Series, unit: str) -> Cells:
    return [
        _name(series),
        f"{len(series.known):,}",
        amount(min(series.known, default=None), unit),
        amount(series.mean, unit),
        amount(max(series.known, default=None), unit),
    ]


def _name(series: Series) -> str:
    return " ".join(series.tags.values()) or series.metric


def _day(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{at:%m-%d %H:%M}" if at.time() != time() else f"{at:%m-%d}"


MESSAGE, TREND = "what", "trend"
WIDGETS: dict[str, tuple[Cells, Callable[..., Cells]]] = {
    "alerts": (["alert", "severity", MESSAGE, "since", "seen"], _alert),
    "resolved": (["alert", "severity", MESSAGE, "since", "until"], _resolved),
    "value": (["", "at", "value", "usual", "change", TREND], _value),
    "band": (["", "at", "value", "from", "to", "state"], _band),
    "chart": (["", "min", TREND, "max"], _chart),
    "summary": (["", "n", "min", "mean", "max"], _summary),
}
