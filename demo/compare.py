"""`python -m demo.compare`: what the lifts say, against what is true.

Only the demo can do this: its truth file knows the effect of each campaign on each
metric. The tables show how far the observed and the adjusted lift may be trusted, by
the rule that chose the audience.
"""

import sys
from collections.abc import Iterable
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
from warehouse.settings import read_settings
from warehouse.tables import read, require_tables

MART = "aggregates.agg_push_campaign_lift"
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
FALSE_DISCOVERY_RATE = 0.05


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
    campaigns = {
        (campaign["title"], datetime.fromisoformat(campaign["first_sent_at"])): campaign
        for campaign in truth["campaigns"]
    }
    findings = []
    for row in lifts.to_pylist():
        campaign = campaigns.get((row["title"], row["sent_at"]))
        if campaign is not None:
            findings.append(
                Finding(
                    audience=campaign["audience"],
                    true_lift=100 * campaign["lifts"][row["metric"]],
                    estimated_lift=row["percent"],
                    is_significant=row["q_value"] <= FALSE_DISCOVERY_RATE,
                )
            )
    return findings


def compare(name: str, findings: list[Finding]) -> Table:
    """Sum up the findings by audience rule."""
    title = f"{name} lift against the truth of the demo: {len(findings)} results"
    table = Table(title=title, box=SIMPLE_HEAD)
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


@command
def main() -> int:
    """Print the comparison; return the exit code."""
    url = read_settings().warehouse_url
    with connect_existing(url, is_read_only=True) as connection:
        require_tables(connection, [MART])
        lifts = {name: read(connection, query) for name, query in LIFTS.items()}
    truth = read_truth(DIRECTORY)
    console = Console()
    for name, rows in lifts.items():
        console.print(compare(name, match_findings(rows, truth)))
    console.print(
        "Significant means q < 0.05. The error is estimated minus true lift, in "
        "percentage points. Observed lift compares people with their own past month: "
        "it misleads where recent behaviour chose the audience. Adjusted lift compares "
        "them with people like them who got no push, and where there are too few of "
        "these it is not told at all."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
