"""`python -m demo.compare`: what the lifts say, against what is true.

Only the demo can do this: its truth file knows the effect of each campaign on each
metric. The tables show how far the observed and the adjusted lift may be trusted, by
the rule that chose the audience.
"""

import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from demo.files import read_truth
from demo.sources import DIRECTORY
from warehouse.connection import connect_existing
from warehouse.console import command
from warehouse.progress import doing
from warehouse.settings import read_settings
from warehouse.tables import read, require_tables

MART = "aggregates.agg_push_campaign_lift"
DIAGNOSTICS = "aggregates.agg_push_lift_diagnostics"
LIFTS = {
    "Observed": f"""
        select
            title, sent_at, metric, observed_percent as percent, observed_q as q_value
        from {MART}
        where observed_q is not null
    """,  # noqa: S608 - a constant
    "Adjusted": f"""
        select
            title, sent_at, metric, adjusted_percent as percent, adjusted_q as q_value
        from {MART}
        where adjusted_q is not null
    """,  # noqa: S608 - a constant
}
ERRORS = f"""
    select
        lift.title, lift.sent_at, lift.metric, lift.adjusted_q, lift.adjusted_lift,
        lift.full_lift, lift.full_percent, diagnostics.adjusted_se, diagnostics.full_se
    from {MART} as lift
    inner join {DIAGNOSTICS} as diagnostics
        on lift.campaign_key = diagnostics.campaign_key
        and lift.metric = diagnostics.metric
"""  # noqa: S608 - a constant
FALSE_DISCOVERY_RATE = 0.05
CRITICAL_Z = 1.96


@dataclass(frozen=True)
class Finding:
    """One campaign and metric: what is true and what was estimated, in percent."""

    audience: str
    true_lift: float
    estimated_lift: float | None
    is_significant: bool

    @property
    def is_found(self) -> bool:
        """Tell whether the estimate is significant and has the true sign."""
        return self.is_significant and (self.estimated_lift or 0) * self.true_lift > 0


def match_findings(lifts: pa.Table, truth: dict[str, Any]) -> list[Finding]:
    """Match lifts with true ones by title and first send.

    Args:
        lifts: title, sent_at, metric, percent, q_value.
        truth: the truth file of a world.
    """
    return [
        Finding(
            audience=campaign["audience"],
            true_lift=100 * campaign["lifts"][row["metric"]],
            estimated_lift=row["percent"],
            is_significant=row["q_value"] <= FALSE_DISCOVERY_RATE,
        )
        for campaign, row in _with_truth(lifts, truth)
    ]


def _with_truth(
    lifts: pa.Table, truth: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the campaign that each lift is of, with the lift."""
    campaigns = {
        (campaign["title"], datetime.fromisoformat(campaign["first_sent_at"])): campaign
        for campaign in truth["campaigns"]
    }
    for row in lifts.to_pylist():
        campaign = campaigns.get((row["title"], row["sent_at"]))
        if campaign is not None:
            yield campaign, row


def compare(name: str, findings: list[Finding]) -> Table:
    """Sum up the findings by audience rule."""
    title = f"{name} lift against the truth of the demo: {len(findings)} results"
    table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("audience")
    for heading in (
        "no true effect",
        "but significant",
        "true effect",
        "found",
        "average error",
    ):
        table.add_column(heading, justify="right")
    audiences = sorted({finding.audience for finding in findings})
    for audience in audiences:
        _add_row(table, audience, [one for one in findings if one.audience == audience])
    table.add_section()
    _add_row(table, "all", findings)
    return table


def _add_row(table: Table, audience: str, findings: list[Finding]) -> None:
    null = [finding for finding in findings if finding.true_lift == 0]
    real = [finding for finding in findings if finding.true_lift != 0]
    table.add_row(
        audience,
        str(len(null)),
        _share(sum(finding.is_significant for finding in null), len(null)),
        str(len(real)),
        _share(sum(finding.is_found for finding in real), len(real)),
        _average_error(real),
    )


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "0"


def _average_error(findings: Iterable[Finding]) -> str:
    errors = [
        finding.estimated_lift - finding.true_lift
        for finding in findings
        if finding.estimated_lift is not None
    ]
    return f"{sum(errors) / len(errors):+.0f} points" if errors else "–"


def standard_errors_off(row: dict[str, Any], true_lift: float) -> float | None:
    """Tell by how many of its standard errors a lift misses the truth.

    The truth is a share of what people would have done without the push. In events it
    is known without that base where it is 0, of capped counts too, so there it is the
    headline that is held against it. Elsewhere the base is the one that the uncapped
    lift rests on, as if it were exact; None if that is not positive.

    Args:
        row: A lift with its error.
        true_lift: The true effect, 0.2 for a fifth more.
    """
    if true_lift == 0:
        return row["adjusted_lift"] / row["adjusted_se"]
    if not row["full_percent"]:
        return None
    base = 100 * row["full_lift"] / row["full_percent"]
    return (row["full_lift"] - true_lift * base) / row["full_se"]


def told(errors: pa.Table, truth: dict[str, Any]) -> list[str]:
    """Say how much the adjusted lift decides, and whether its errors are what it says.

    Args:
        errors: Every campaign and metric, as ERRORS reads them.
        truth: The truth file of a world.
    """
    pairs = list(_with_truth(errors, truth))
    decided = [(one, row) for one, row in pairs if row["adjusted_q"] is not None]
    sessions, decided_sessions = (
        sum(row["metric"] == "sessions" for _, row in some) for some in (pairs, decided)
    )
    off = [
        z
        for one, row in decided
        if (z := standard_errors_off(row, one["lifts"][row["metric"]])) is not None
    ]
    lines = [
        f"The adjusted lift tells a verdict on sessions of {decided_sessions} of "
        f"{sessions} pushes, and of {len(decided)} of {len(pairs)} results in all."
    ]
    if len(off) > 1:
        beyond = sum(abs(z) > CRITICAL_Z for z in off)
        mean, sd, root = statistics.mean(off), statistics.stdev(off), len(off) ** 0.5
        lines.append(
            f"It misses the truth by {mean:+.2f} (± {sd / root:.2f}) standard errors "
            f"on average, with a standard deviation of {sd:.2f} (± "
            f"{sd / (2 * len(off)) ** 0.5:.2f}), by more than {CRITICAL_Z} in "
            f"{_share(beyond, len(off))} of {len(off)}: 0, 1 and 5% are right."
        )
    return lines


@command
def main() -> int:
    """Print the comparison; return the exit code."""
    url = read_settings().warehouse_url
    doing("comparing with the truth")
    with connect_existing(url, is_read_only=True) as connection:
        require_tables(connection, [MART, DIAGNOSTICS])
        errors = read(connection, ERRORS)
        lifts = {name: read(connection, query) for name, query in LIFTS.items()}
    truth = read_truth(DIRECTORY)
    console = Console()
    for name, rows in lifts.items():
        console.print(compare(name, match_findings(rows, truth)))
    for line in told(errors, truth):
        console.print(line)
    console.print(
        "Significant means q < 0.05. The error is estimated minus true lift, in "
        "percentage points. Observed lift compares people with their own past month: "
        "it misleads where recent behaviour chose the audience. Adjusted lift compares "
        "them with people like them who were not sent it then, with a cap on the "
        "events that count of one person, which makes an effect a little smaller; "
        "where there are too few such people it is not told at all."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
