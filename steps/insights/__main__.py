"""The insights step: `python -m steps.insights [--date D] [--since D] [--dry-run]`.

Data flow: the days that dbt has chosen in intermediate.int_insight_candidates -> the
texts of those days, read from the source and redacted in memory -> the model of
LLM_BASE_URL -> its answers in the tables of the schema insights. Without an endpoint
nothing is sent to anyone.

`evaluate` and `themes` instead: see the modules of that name.
"""

import argparse
import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from adbc_driver_manager.dbapi import Connection

from loaders.configured import configured
from steps.insights.answers import read_form
from steps.insights.candidates import (
    PersonDay,
    Thresholds,
    chosen_days,
    newest_day,
    read_thresholds,
)
from steps.insights.client import Client
from steps.insights.endpoint import Endpoint, read_endpoint
from steps.insights.evaluate import evaluate
from steps.insights.questions import Questions, read_in_turn
from steps.insights.run import answer_days, plan_days
from steps.insights.spending import read_price
from steps.insights.tables import TABLES, Answers, open_answers
from steps.insights.tally import Tally
from steps.insights.text_columns import VARIABLE
from steps.insights.texts import TextSource
from steps.insights.themes import name_themes
from warehouse.connection import connect_existing, require_existing
from warehouse.console import command, write_line
from warehouse.errors import UserError
from warehouse.one_writer import one_writer
from warehouse.origins import key_of_loads, read_origins
from warehouse.settings import SOURCE_VARIABLES, Settings, read_settings
from warehouse.tables import require_tables
from warehouse.versions import check_built

COMMANDS = ("run", "evaluate", "themes")
NO_ENDPOINT = (
    "insights: no model is asked: none of LLM_BASE_URL, LLM_API_KEY, LLM_MODEL is set"
)


@dataclass(frozen=True)
class Step:
    """What all three commands need.

    Attributes:
        is_demo: whether the warehouse holds the demo, whatever else is configured.
    """

    connection: Connection
    client: Client
    questions: Questions
    answers: Answers
    thresholds: Thresholds
    is_demo: bool


@contextmanager
def opened(settings: Settings, endpoint: Endpoint) -> Iterator[Step]:
    """Open the warehouse to write answers, and know the model to ask.

    Raises:
        UserError: the warehouse is not built, or the model has no price.
    """
    url = settings.warehouse_url
    require_existing(url)
    with (
        one_writer(url, "insights"),
        connect_existing(url) as connection,
        ExitStack() as stack,
    ):
        check_built(connection)
        require_tables(connection, [f"insights.{name}" for name in TABLES])
        origins = read_origins(connection, list(SOURCE_VARIABLES))
        hash_key = key_of_loads(origins, settings)
        thresholds = read_thresholds(connection)
        questions = Questions(
            read_form(connection),
            endpoint.model,
            thresholds.max_prompt_characters,
            hash_key,
        )
        client = Client(endpoint, read_price(connection, endpoint.model))
        answers = stack.enter_context(open_answers(url, connection))
        is_demo = {origin for origin, _ in origins} == {"demo"}
        yield Step(connection, client, questions, answers, thresholds, is_demo)


def run(step: Step, settings: Settings, days: list[PersonDay], is_dry: bool) -> str:
    """Ask about days, or tell what that would cost; return what was done."""
    if not days:
        return "insights: on these days nobody is to be asked about"
    tally = Tally()
    with configured(Settings() if step.is_demo else settings) as sources:
        limit = step.questions.limit
        source = TextSource(sources.database_urls.get(VARIABLE), limit)
        texts = read_in_turn(source, days, tally)
        if is_dry:
            return plan_days(step.client, step.questions, step.answers, texts, tally)
        answer_days(step.client, step.questions, step.answers, texts, tally)
    return f"insights: {step.client.endpoint.model}, {tally.told(step.client)}"


def days_of(step: Step, arguments: argparse.Namespace) -> list[PersonDay]:
    """Return the chosen days that are asked for, by default the last few."""
    newest = newest_day(step.connection)
    if newest is None:
        return []
    lookback = timedelta(days=step.thresholds.lookback_days - 1)
    since = arguments.date or arguments.since or newest - lookback
    return chosen_days(step.connection, since, arguments.date or newest)


def parse_arguments() -> argparse.Namespace:
    """Read the command line; a wrong one ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.insights",
        description="Ask a language model what conversations were about.",
    )
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="run")
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--date", type=day, help="ask about this day only")
    when.add_argument("--since", type=day, help="ask about all days from this one on")
    parser.add_argument(
        "--dry-run", action="store_true", help="tell what it would cost, send nothing"
    )
    arguments = parser.parse_args()
    if arguments.command != "run" and (
        arguments.date or arguments.since or arguments.dry_run
    ):
        parser.error(f"{arguments.command} takes no --date, --since or --dry-run")
    return arguments


def day(text: str) -> date:
    """Read a day of the command line."""
    return date.fromisoformat(text)


@command
def main() -> int:
    """Run the command for the settings of the environment; return the exit code."""
    arguments = parse_arguments()
    logging.getLogger("loaders").setLevel(logging.ERROR)  # a load tells its warnings
    settings = read_settings()
    settings.check()
    endpoint = read_endpoint(settings)
    if endpoint is None:
        write_line(NO_ENDPOINT)
        return 0
    with opened(settings, endpoint) as step:
        if arguments.command == "evaluate":
            told = evaluate(step.client, step.questions, step.answers, step.thresholds)
        elif arguments.command == "themes":
            told = name_themes(step.client, step.answers, step.thresholds)
        else:
            days = days_of(step, arguments)
            told = run(step, settings, days, arguments.dry_run)
        write_line(told)
        return _end(step.client)


def _end(client: Client) -> int:
    """Say why a run has stopped before its end; a budget that is spent is no error."""
    if not client.stopped_by:
        return 0
    if client.is_over_budget:
        write_line(f"{client.stopped_by}")
        return 0
    raise UserError(client.stopped_by)


if __name__ == "__main__":
    sys.exit(main())
