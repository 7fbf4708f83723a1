"""What a dashboard shows: the seed `status_dashboards`."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

SEED = Path(__file__).parents[2] / "seeds" / "status_dashboards.csv"
ALERTS, RESOLVED = "alerts", "resolved"
DEFAULT = "overview"


@dataclass(frozen=True)
class Widget:
    """One table of a dashboard.

    Attributes:
        kind: alerts, resolved, value, chart, summary or band.
        metric: Of which metrics; `*` stands for anything.
        line_limit: It has at most so many lines.
    """

    title: str
    kind: str
    metric: str
    line_limit: int

    def shows(self, metric: str) -> bool:
        """Tell whether it is about a metric."""
        return fnmatchcase(metric, self.metric)

    def metrics(self, known: Iterable[str]) -> list[str]:
        """Return the metrics that it is about."""
        return [metric for metric in known if self.shows(metric)]


def read_dashboards() -> dict[str, list[Widget]]:
    """Return the widgets of each dashboard, from above."""
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["position"]))
    dashboards: dict[str, list[Widget]] = {DEFAULT: []}
    for row in rows:
        dashboards.setdefault(row["dashboard"], []).append(
            Widget(row["title"], row["widget"], row["metric"], int(row["line_limit"]))
        )
    return dashboards
