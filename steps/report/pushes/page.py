"""The page about pushes: one file that needs nothing else, not even a network."""

from jinja2 import Environment

from steps.report.pushes.model import Report
from steps.report.templating import markdown_as_html

IDENTITY = {"campaign_key", "metric", "title", "layer_id", "layer_name", "sent_at"}


def render_pushes(templates: Environment, report: Report) -> str:
    """Render the page.

    Args:
        templates: The templates about pushes.
        report: What to tell.

    Returns:
        The HTML, the same bytes for the same report.
    """
    columns = report.results[0] if report.results else {}
    summary = templates.get_template("summary.md.j2")
    method = templates.get_template("methodology.md.j2")
    return templates.get_template("pushes.html.j2").render(
        summary=markdown_as_html(
            summary.render(link=lambda campaign: f"#{campaign.key}")
        ),
        methodology=markdown_as_html(method.render()),
        statistics=[name for name in columns if name not in IDENTITY],
    )
