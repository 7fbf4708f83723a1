"""The page about the assistant."""

from steps.report.assistant.data import Assistant
from steps.report.assistant.questions import questions, reading
from steps.report.banner import Banner
from steps.report.templating import report_templates


def render_assistant(banner: Banner, assistant: Assistant) -> str:
    """Render the page.

    Args:
        banner: The state of the data.
        assistant: What to tell.

    Returns:
        The HTML, the same bytes for the same marts.
    """
    return (
        report_templates(banner)
        .get_template("assistant.html.j2")
        .render(
            assistant=assistant,
            questions=questions(assistant),
            reading=reading(assistant),
        )
    )
