"""The page about pushes: one file that needs nothing else, not even a network."""

import json
import zlib
from base64 import b64encode
from hashlib import sha256

from jinja2 import Environment
from markupsafe import Markup

from steps.report.pushes import next_steps
from steps.report.pushes.campaign import Campaign
from steps.report.pushes.headlines import counts, lead
from steps.report.pushes.model import Report
from steps.report.pushes.table import PushTable
from steps.report.templating import markdown_as_html

SECONDS_OF_AN_HOUR = 3600


def render_pushes(templates: Environment, report: Report) -> str:
    """Render the page.

    Args:
        templates: The templates about pushes.
        report: What to tell.

    Returns:
        The HTML, the same bytes for the same report.
    """
    table = PushTable(report)
    method = templates.get_template("methodology.md.j2").render()
    script, _, _ = templates.loader.get_source(templates, "pushes.js")
    leaves_out_zero = [
        row
        for row in report.correlations
        if row["correlation_low"] is not None
        and row["correlation_low"] * row["correlation_high"] > 0
    ]
    return templates.get_template("pushes.html.j2").render(
        table=table,
        best=report.best,
        counts=counts(report),
        lead=lead(report),
        working=[one for one in report.repeated if one.changed],
        changed=[campaign for campaign in report.campaigns if campaign.changed],
        crowded=next_steps.crowded_pushes(report),
        holdouts=next_steps.holdout_sizes(report),
        timing=next_steps.timing_by_metric(report),
        correlations=leaves_out_zero,
        pairs=len(report.correlations),
        methodology=markdown_as_html(method),
        details=_packed(_details(templates, table)),
        script=Markup(script),  # noqa: S704
        script_hash=_script_hash(script),
    )


def _details(templates: Environment, table: PushTable) -> dict[str, dict]:
    """Render what the page shows when it is asked: cells of a metric, opened pushes."""
    cells = templates.get_template("push_table.html.j2").module.cells
    detail = templates.get_template("push_detail.html.j2")
    shown: dict[str, dict[str, str]] = {}
    for number, group in enumerate(table.groups, 1):
        if group.series:
            shown[f"kind{number}"] = {
                row["metric"]: str(cells(table.series_line(row), table))
                for row in group.series.results
            }
        for campaign in group.campaigns:
            shown[campaign.key] = {
                row["metric"]: str(cells(table.line(row), table))
                for row in campaign.results
            }
    opened = {
        campaign.key: detail.render(
            campaign=campaign, neighbours=_neighbours(campaign, table.report)
        )
        for campaign in table.report.campaigns
    }
    return {"cells": shown, "opened": opened}


def _neighbours(campaign: Campaign, report: Report) -> list[float]:
    """Return how many hours after a push the others were sent."""
    sent = campaign.results[0]["sent_at"]
    return sorted(
        (other.results[0]["sent_at"] - sent).total_seconds() / SECONDS_OF_AN_HOUR
        for other in report.campaigns
        if other is not campaign
    )


def _packed(content: object) -> Markup:
    """Write content as JSON that a page can hold: a text, deflated and in base 64."""
    deflated = zlib.compress(json.dumps(content).encode(), level=9)
    return Markup(json.dumps(b64encode(deflated).decode()))  # noqa: S704


def _script_hash(script: str) -> str:
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return f"sha256-{digest}"
