"""The report: `python -m steps.report`.

Data flow: aggregates.agg_push_campaign_lift, with the names of the layers from
core.dim_campaigns -> a table in the terminal and reports/index.html, one
self-contained page.
"""

import os
import sys
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from loaders.errors import UserError
from loaders.settings import read_settings
from loaders.warehouse import connect
from steps import wording
from steps.parameters import PushParameters, read_parameters
from steps.report_page import MART, render_page, run_id
from steps.tables import read, require_tables
from steps.wording import Row

PAGE = Path("reports/index.html")
UNLIMITED_WIDTH = 1000
TOO_FEW = ("too_few_recipients", "too_few_events")
TABLES = [MART, "core.dim_campaigns", "seeds.push_parameters"]
LIFTS = """
    select
        lift.campaign_key, lift.title, lift.layer_id, campaigns.layer_name,
        lift.sent_at, lift.metric, lift.run_id, lift.n,
        lift.baseline_mean, lift.post_mean, lift.lift_mean, lift.ci_lo, lift.ci_hi,
        lift.pct_lift, lift.pct_lo, lift.pct_hi, lift.pct_status,
        lift.q_value, lift.observed_status
    from aggregates.agg_push_campaign_lift as lift
    inner join core.dim_campaigns as campaigns
        on lift.campaign_key = campaigns.campaign_key
    order by lift.layer_id nulls last, lift.sent_at, lift.campaign_key, lift.metric
"""


def read_lifts(warehouse_url: str) -> tuple[list[Row], PushParameters]:
    """Read the mart in reading order, with a reading of each row, and the settings.

    Raises:
        UserError: the warehouse does not open or its tables are missing.
    """
    with connect(warehouse_url) as connection:
        require_tables(connection, TABLES)
        parameters = read_parameters(connection)
        rows = read(connection, LIFTS).to_pylist()
    for row in rows:
        row["title"] = " ".join((row["title"] or row["campaign_key"]).split())
        row["reading"] = wording.reading(row, parameters.false_discovery_rate)
    return rows, parameters


def print_table(rows: list[Row], parameters: PushParameters, console: Console) -> None:
    """Print one line per campaign and metric that has enough data to say anything."""
    table = Table(
        title=f"Observed lift: before/after, not cause (run {run_id(rows)})",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    interval = f"lift [{1 - parameters.alpha:.0%} interval]"
    table.add_column("campaign", no_wrap=True, max_width=34)
    for name in ("layer", "metric", "n", "baseline", "post", interval, "q"):
        is_text = name in ("metric", interval)
        table.add_column(name, justify="left" if is_text else "right", no_wrap=True)
    telling = [row for row in rows if row["observed_status"] not in TOO_FEW]
    for row in telling:
        lift = wording.change(row["lift_mean"])
        if row["observed_status"] == "ok":
            detail = f"[{wording.change(row['ci_lo'])}, {wording.change(row['ci_hi'])}]"
        else:
            detail = row["reading"]
        table.add_row(
            f"{row['sent_at']:%Y-%m-%d} {row['title']}",
            wording.NOTHING if row["layer_id"] is None else str(row["layer_id"]),
            row["metric"],
            f"{row['n']:,}",
            wording.rate(row["baseline_mean"]),
            wording.rate(row["post_mean"]),
            f"{lift} {detail}",
            wording.q_value(row["q_value"]),
        )
    # rich would cut digits to fit a narrow terminal
    options = console.options.update(width=UNLIMITED_WIDTH)
    console.width = max(console.width, console.measure(table, options=options).maximum)
    console.print(table)
    if silent := len(rows) - len(telling):
        console.print(
            f"{silent} of {len(rows)} rows have too few recipients or events to say "
            "anything; the page lists them."
        )


def write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)


def main() -> int:
    """Report on the warehouse of the environment; return the exit code."""
    # titles are other people's text: no markup, no emoji codes
    console = Console(file=sys.stdout, markup=False, emoji=False, highlight=False)
    try:
        rows, parameters = read_lifts(read_settings().warehouse_url)
    except UserError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    print_table(rows, parameters, console)
    write_atomically(PAGE, render_page(rows, parameters))
    sys.stdout.write(f"{PAGE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
