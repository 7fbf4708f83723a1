"""The status: `python -m steps.status [dashboard] [--format ...]`, and `prune`.

Data flow: the marts of telemetry -> one screen, or JSON, CSV or Markdown. They are
those of the working warehouse: a night that publishes nothing is to be seen too. The
exit code is 1 while a critical alert is open, and 2 for a wrong command line. `prune`
removes old samples from the warehouse.
"""

import argparse
import sys
from datetime import date

from loaders.telemetry.catalogue import read_catalogue
from steps.marts import open_marts, require_marts
from steps.status import records, screen
from steps.status.alerts import CRITICAL, MART
from steps.status.dashboards import DEFAULT, read_dashboards
from steps.status.prune import prune
from steps.status.series import BASELINES, DEVIATIONS
from steps.status.status import read_status
from warehouse.console import command
from warehouse.settings import read_settings

PRUNE = "prune"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
FORMATS = ("text", "json", "csv", "markdown")


def parse_arguments() -> argparse.Namespace:
    """Read the command line; a wrong one ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.status",
        description="Show the status, or prune old samples.",
    )
    names = [*read_dashboards(), PRUNE]
    parser.add_argument(
        "dashboard", nargs="?", choices=names, default=DEFAULT, help="what to show"
    )
    parser.add_argument("--since", type=_day, metavar="DAY", help="first day, in UTC")
    parser.add_argument("--until", type=_day, metavar="DAY", help="last day, in UTC")
    parser.add_argument(
        "--tag",
        action="append",
        default=[],
        type=_tag,
        metavar="NAME=VALUE",
        help="show only what has this tag; may be repeated",
    )
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--apply", action="store_true", help="of prune: do it")
    arguments = parser.parse_args()
    others = vars(arguments).keys() - {"dashboard", "apply"}
    is_shown = any(
        getattr(arguments, name) != parser.get_default(name) for name in others
    )
    if arguments.dashboard == PRUNE and is_shown:
        parser.error("prune takes nothing but --apply")
    if arguments.dashboard != PRUNE and arguments.apply:
        parser.error("--apply is of prune")
    if None not in (arguments.since, arguments.until) and (
        arguments.since > arguments.until
    ):
        parser.error("--since is after --until")
    return arguments


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no day: use one such as 2026-10-31"
        )
    return day


def _tag(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no tag: use one such as platform=mac"
        )
    return name, value


@command
def main() -> int:
    """Run the command; return its exit code."""
    arguments = parse_arguments()
    url = read_settings().warehouse_url
    if arguments.dashboard == PRUNE:
        sys.stdout.write(f"{prune(url, arguments.apply)}\n")
        return 0
    name, catalogue = arguments.dashboard, read_catalogue()
    with open_marts(url, is_unpublished=True) as marts:
        require_marts(marts, [MART, BASELINES, DEVIATIONS])
        status = read_status(
            marts,
            (name, read_dashboards()[name]),
            (arguments.since, arguments.until),
            dict(arguments.tag),
            catalogue.values(),
        )
    if arguments.format == "text":
        screen.print_status(status, catalogue)
    elif arguments.format == "markdown":
        sys.stdout.write(screen.as_markdown(status, catalogue))
    elif arguments.format == "csv":
        sys.stdout.write(records.as_csv(status))
    else:
        sys.stdout.write(records.as_json(status))
    return 1 if status.open_alerts[CRITICAL] else 0


if __name__ == "__main__":
    sys.exit(main())
