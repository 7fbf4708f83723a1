"""The report as HTML pages that need nothing else, not even a network."""

from jinja2 import Environment
from markdown_it import MarkdownIt
from markupsafe import Markup

from steps.report.assistant import Assistant, questions, reading
from steps.report.model import Report

IDENTITY = {"campaign_key", "metric", "title", "layer_id", "layer_name", "sent_at"}


def render_page(templates: Environment, report: Report) -> str:
    """Render the page.

    Args:
        templates: The templates of the report.
        report: What to tell.

    Returns:
        The HTML, the same bytes for the same report.
    """
    columns = report.results[0] if report.results else {}
    summary = templates.get_template("summary.md.j2")
    method = templates.get_template("methodology.md.j2")
    return templates.get_template("page.html.j2").render(
        summary=_html(summary.render(link=lambda campaign: f"#{campaign.key}")),
        methodology=_html(method.render()),
        statistics=[name for name in columns if name not in IDENTITY],
    )


def render_assistant(templates: Environment, origin: str, assistant: Assistant) -> str:
    """Render the page about the assistant.

    Args:
        templates: The templates of the report.
        origin: Which marts it is of, in words.
        assistant: What to tell.

    Returns:
        The HTML, the same bytes for the same marts.
    """
    return templates.get_template("assistant.html.j2").render(
        origin=origin,
        assistant=assistant,
        questions=questions(assistant),
        reading=reading(assistant),
    )


def _html(markdown: str) -> Markup:
    """Turn our own Markdown into HTML; any HTML in it stays text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return Markup(parser.render(markdown))  # noqa: S704
