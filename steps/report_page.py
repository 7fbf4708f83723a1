"""The report as one HTML page that needs nothing else, not even a network."""

from itertools import groupby
from operator import itemgetter
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from steps import wording
from steps.lift_chart import lift_chart
from steps.parameters import PushParameters
from steps.wording import Row

MART = "aggregates.agg_push_campaign_lift"


def render_page(rows: list[Row], parameters: PushParameters) -> str:
    """Render the report.

    Args:
        rows: Rows of the mart with their reading, by layer, date and metric.
        parameters: The settings of the method.

    Returns:
        The HTML, the same bytes for the same input.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("rate", "change", "percent", "q_value", "words"):
        environment.filters[name] = getattr(wording, name)
    layers = [
        (
            layer,
            [
                list(campaign)
                for _, campaign in groupby(group, itemgetter("campaign_key"))
            ],
        )
        for layer, group in groupby(rows, wording.layer)
    ]
    return environment.get_template("report.html.j2").render(
        mart=MART,
        run_id=run_id(rows),
        parameters=parameters,
        rows=rows,
        layers=layers,
        charts=_charts(rows),
    )


def run_id(rows: list[Row]) -> str:
    """Name the run of the statistics step that the rows come from."""
    return next((row["run_id"] for row in rows if row["run_id"]), "none")


def _charts(rows: list[Row]) -> dict[str, str | None]:
    """Draw one chart per metric; None where no campaign could be tested."""
    metrics = sorted({row["metric"] for row in rows})
    layers = list(dict.fromkeys(wording.layer(row) for row in rows))
    charts = {}
    for metric in metrics:
        tested = [
            row
            for row in rows
            if row["metric"] == metric and row["observed_status"] == "ok"
        ]
        charts[metric] = lift_chart(tested, layers) if tested else None
    return charts
