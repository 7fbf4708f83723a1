"""The front page."""

from steps.report.banner import Banner
from steps.report.front.data import Front
from steps.report.templating import markdown_as_html, report_templates

MOST_ALERTS = 10


def render_front(banner: Banner, front: Front, headlines: dict[str, list[str]]) -> str:
    """Render the page.

    Args:
        banner: The state of the data.
        front: The state of everything else.
        headlines: What each of the other pages has found, by its file.

    Returns:
        The HTML, the same bytes for the same marts and night.
    """
    heading, _, night = front.night.partition("\n")
    return (
        report_templates(banner)
        .get_template("front.html.j2")
        .render(
            front=front,
            headlines=headlines,
            most_alerts=MOST_ALERTS,
            night_heading=heading.lstrip("# "),
            night=markdown_as_html(night),
        )
    )
