"""The templates of the report, HTML and Markdown alike, and what all of them know."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt
from markupsafe import Markup

from steps.report import formats
from steps.report.banner import Banner

PAGES = {
    "index.html": "Overview",
    "pushes.html": "Pushes",
    "product.html": "Product",
    "assistant.html": "Assistant",
}
FORMATS = (
    "capitalised",
    "change",
    "count",
    "figure",
    "percent",
    "plain_markdown",
    "q_value",
    "rate",
    "share",
    "words",
)


def report_templates(banner: Banner) -> Environment:
    """Return the templates, which know the pages there are and the state of the data.

    HTML escapes everything by itself. Markdown does not: other people's text goes
    through the filter `plain_markdown`.
    """
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {name: getattr(formats, name) for name in FORMATS}
    templates.globals |= {"banner": banner, "pages": PAGES}
    return templates


def markdown_as_html(markdown: str) -> Markup:
    """Turn our own Markdown into HTML; any HTML in it stays text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return Markup(parser.render(markdown))  # noqa: S704
