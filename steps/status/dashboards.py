"""What a dashboard shows: the seed `status_dashboards`."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from warehouse.errors import UserError
from warehouse.files import read_seed

SEED = Path(__file__).parents[2] / "seeds" / "status_dashboards.csv"
ALERTS, RESOLVED = "alerts", "resolved"
KINDS = (ALERTS, RESOLVED, "value", "band", "chart", "summary")
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
    """Return the widgets of each dashboard, from above.

    Raises:
        UserError: the seed cannot be read, or no widget be made of a line.
    """
    columns = ("dashboard", "position", "widget", "metric", "line_limit", "title")
    dashboards: dict[str, list[Widget]] = {DEFAULT: []}
    try:
        rows = sorted(read_seed(SEED, columns), key=lambda row: int(row["position"]))
        for row in rows:
            kind = KINDS[KINDS.index(row["widget"])]
            lines = max(int(row["line_limit"]), 0)
            widget = Widget(row["title"], kind, row["metric"], lines)
            dashboards.setdefault(row["dashboard"], []).append(widget)
    except ValueError:
        raise UserError(
            f"the seed {SEED.name} has a line whose position or line_limit is no whole "
            f"number, or whose widget is none of {', '.join(KINDS)}: mend it"
        ) from None
    return dashboards
