"""What the front page tells besides the headlines of the other pages."""

from dataclasses import dataclass

from steps.marts import Marts, require_marts
from steps.status.alerts import MART, read_alerts
from steps.summary.details import NIGHT
from steps.summary.figures import TABLES, read_figures


@dataclass(frozen=True)
class Front:
    """The state of things.

    Attributes:
        alerts: Those that are open, a line each, the gravest first.
        lines: Those of the daily summary.
        night: The page of the last night, as it stood when this one was made; empty if
            none ran.
    """

    alerts: list[str]
    lines: list[str]
    night: str


def read_front(marts: Marts) -> Front:
    """Read the marts, and how the night went.

    Raises:
        UserError: their tables are missing.
    """
    require_marts(marts, [*TABLES, MART])
    alerts = read_alerts(marts.connection)
    return Front(
        [alert.text for alert in alerts if alert.resolved_at is None],
        [figure.text for figure in read_figures(marts.connection)],
        NIGHT.read_text(encoding="utf-8") if NIGHT.exists() else "",
    )
