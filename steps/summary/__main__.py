"""The daily summary: `python -m steps.summary [--unpublished]`.

Data flow: the published marts of all systems and the alerts of the working warehouse
-> a Markdown and a JSON file of the day under reports/summary/, and a message to Slack
if SLACK_WEBHOOK_URL is set. A model, if one is configured, may put a paragraph above
the lines.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from steps.insights.client import Client
from steps.insights.endpoint import read_endpoint
from steps.insights.spending import read_price
from steps.insights.tables import TABLES, open_answers
from steps.marts import add_unpublished, open_marts, require_marts
from steps.report.assistant import read_assistant
from steps.status.alerts import MART, Alert, read_alerts
from steps.summary import details, figures
from steps.summary.alerts import untold
from steps.summary.prose import write_prose
from steps.summary.slack import check_webhook, send
from warehouse.connection import connect_existing
from warehouse.console import command
from warehouse.errors import UserError
from warehouse.files import write_whole
from warehouse.one_writer import one_writer
from warehouse.settings import Settings, read_settings
from warehouse.tables import require_tables

FOLDER = Path("reports/summary")
MOST_ALERTS = 10


@dataclass(frozen=True)
class Summary:
    """What a day's files tell.

    Attributes:
        day: Until when it is known what happened.
        night: The heading of the last night's page, if that failed.
        marts: Which marts it is of, in words.
        prose: A paragraph of a model; None if there is none.
        alerts: Those that are open, a line each.
    """

    day: str
    night: str | None
    marts: str
    prose: str | None
    alerts: list[str]
    figures: list[figures.Figure]
    details: dict[str, list[str]]

    @property
    def title(self) -> str:
        """What it is, and what nobody should miss."""
        night = f". {self.night}: see {details.NIGHT}" if self.night else ""
        return f"Summary of {self.day}{night}"

    @property
    def lines(self) -> list[str]:
        """The lines before the details."""
        return [one.text for one in self.figures]

    @property
    def text(self) -> str:
        """What is printed: no more than the lines and the alerts."""
        return "\n".join([self.message, *_headed("Open alerts:", self.alerts)])

    @property
    def message(self) -> str:
        """What is sent on, before the alerts that are new."""
        prose = [self.prose, ""] if self.prose else []
        return "\n".join([self.title, *prose, *self.lines])

    @property
    def markdown(self) -> str:
        """The page of the day."""
        parts = [f"# {self.title}", f"Marts: {self.marts}."]
        if self.prose:
            parts.append(f"{self.prose}\n\n*Written by a model from the lines below.*")
        parts.append(_listed(self.lines))
        alerts = {"Open alerts": self.alerts} if self.alerts else {}
        for heading, lines in (alerts | self.details).items():
            parts.append(f"## {heading}\n\n{_listed(lines)}")
        return "\n\n".join(parts) + "\n"

    @property
    def json(self) -> str:
        """The same for programs."""
        content = asdict(self) | {"lines": self.lines}
        return json.dumps(content, indent=1, sort_keys=True) + "\n"


def _headed(heading: str, lines: list[str]) -> list[str]:
    """Return lines under a heading, as many as are read, or nothing."""
    more = len(lines) - MOST_ALERTS
    others = [f"and {more} more: see `make status DASHBOARD=alerts`"] * (more > 0)
    return [heading, *lines[:MOST_ALERTS], *others] if lines else []


def _listed(lines: list[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def write_files(summary: Summary) -> None:
    """Put both files into their place, each whole or not at all.

    Raises:
        UserError: they cannot be written.
    """
    for ending, text in (("md", summary.markdown), ("json", summary.json)):
        write_whole(FOLDER / f"{summary.day}.{ending}", [text])


def ask_for_prose(settings: Settings, lines: list[str]) -> str | None:
    """Return a paragraph of the configured model, or say why there is none."""
    try:
        endpoint = read_endpoint(settings)
        if endpoint is None:
            return None
        url = settings.warehouse_url
        with one_writer(url, "summary"), connect_existing(url) as connection:
            require_tables(connection, [f"insights.{name}" for name in TABLES])
            client = Client(endpoint, read_price(connection, endpoint.model))
            with open_answers(url, connection) as answers:
                prose, reason = write_prose(client, answers, lines)
    except UserError as error:
        prose, reason = None, str(error)
    if prose is None:
        sys.stderr.write(f"no prose: {reason}\n")
    return prose


def message(summary: Summary, news: list[Alert]) -> str:
    """Return what is sent on: of the alerts only what nobody was told.

    Args:
        summary: What the files tell.
        news: Alerts that are new, or over.
    """
    new = [alert.text for alert in news if not alert.resolved_at]
    resolved = [alert.text for alert in news if alert.resolved_at]
    return "\n".join(
        [
            summary.message,
            *_headed("New alerts:", new),
            *_headed("Resolved alerts:", resolved),
        ]
    )


@command
def main() -> int:
    """Summarise the marts of the environment; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.summary", description="Summarise the day."
    )
    add_unpublished(parser)
    arguments = parser.parse_args()
    settings = read_settings()
    webhook = settings.slack_webhook_url
    if webhook:
        check_webhook(webhook)
    with open_marts(settings.warehouse_url, arguments.unpublished) as marts:
        require_marts(marts, [*figures.TABLES, *details.TABLES])
        told = figures.read_figures(marts.connection)
        more = details.read_details(marts.connection, read_assistant(marts))
        day, origin = marts.as_of_day, marts.description
    # a night that publishes nothing has alerts too
    with open_marts(settings.warehouse_url, is_unpublished=True) as working:
        require_marts(working, [MART])
        alerts = read_alerts(working.connection)
    prose = ask_for_prose(settings, [one.text for one in told])
    opened = [alert.text for alert in alerts if not alert.resolved_at]
    night = details.failed_night()
    summary = Summary(day, night, origin, prose, opened, told, more)
    write_files(summary)
    sys.stdout.write(f"{summary.text}\n{FOLDER / f'{day}.md'}\n")
    if webhook:
        with untold(settings.warehouse_url, alerts) as news:
            send(webhook, message(summary, news))
    return 0


if __name__ == "__main__":
    sys.exit(main())
