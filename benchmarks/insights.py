"""Whom a model is asked about, and how fast: `python -m benchmarks.insights`.

First dbt selects among invented people and messages. Then the step asks a stand-in, in
a process of its own, that takes 200 ms for each answer: how much of the throughput that
so many calls in flight could have is left, with redaction, checks and commits.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from steps.insights.answers import read_form
from steps.insights.candidates import PersonDay
from steps.insights.client import Client
from steps.insights.endpoint import Endpoint
from steps.insights.questions import Questions
from steps.insights.run import answer_days
from steps.insights.spending import read_price
from steps.insights.tables import Answers
from steps.insights.tally import Tally
from steps.insights.texts import DayTexts
from warehouse.connection import connect
from warehouse.profile import write_profile

LATENCY = 0.2
FIRST_DAY, DAYS = date(2026, 1, 1), 90
MODELS = ("int_insight_days", "int_insight_norms", "int_insight_candidates")
SEEDS = ("insight_*", "llm_prices")
MESSAGES_PER_CONVERSATION = 10
# What the three models read, as tables: each person talks on some days of the 90.
INPUTS = """
    create schema if not exists staging;
    create schema if not exists core;
    create schema if not exists intermediate;
    create table intermediate.int_as_of as
    select timestamptz '2026-04-01 00:00:00+00' as as_of;
    create table staging.stg_assistant__conversations as
    select
        'c' || conversation as conversation_id,
        'u' || conversation % {people} as assistant_user_id, false as is_deleted,
        timestamptz '2026-01-01 00:00:00+00'
        + cast(hash(conversation) % {days} as int) * interval '24 hours'
        + cast(conversation % 80000 as int) * interval '1 second' as created_at
    from range({conversations}) as numbers (conversation);
    create table staging.stg_assistant__messages as
    select
        conversation_id,
        case number % 2 when 0 then 'user' else 'assistant' end as message_role,
        created_at + cast(number as int) * interval '20 seconds' as created_at
    from staging.stg_assistant__conversations
    cross join range({per_conversation}) as numbers (number);
    create table core.fct_service_jobs as
    select
        md5(replace(assistant_user_id, 'u', '')) as user_key,
        'tool_' || hash(conversation_id) % 3 as service,
        case hash(conversation_id) % 9 when 0 then 'failed' else 'completed' end
            as status,
        cast(hash(conversation_id) % 12 as double) as credits_used, created_at
    from staging.stg_assistant__conversations;
    create table core.bridge_user_identities as
    select
        md5(cast(person as varchar)) as user_key, 'assistant' as source_system,
        'u' || person as source_id
    from range({people}) as numbers (person);
    create table intermediate.int_assistant_users as
    select
        user_key, true as has_consent, false as is_test, true as is_eligible,
        cast(null as timestamptz) as deleted_at
    from core.bridge_user_identities;
"""
SELECTED = """
    select
        count(*) as days, count(*) filter (where is_chosen) as chosen,
        max(chosen_of_day) as most
    from (
        select
            candidates.*,
            count(*) filter (where is_chosen) over (partition by day) as chosen_of_day
        from intermediate.int_insight_candidates as candidates
    ) as counted
"""
SAID = (
    "Please make an image of a red bicycle for ann@mail.example. It is for a post on "
    "social media. Perfect, that is exactly what I needed. Call +49 171 2345678. "
)


def dbt(folder: Path, *arguments: str) -> float:
    """Run dbt on the warehouse of a folder; return the seconds it took."""
    started = time.monotonic()
    subprocess.run(  # noqa: S603 - our own command
        [str(Path(sys.executable).with_name("dbt")), *arguments, "--quiet"],
        env=os.environ | {"WAREHOUSE_URL": url_in(folder)},
        check=True,
    )
    return time.monotonic() - started


def url_in(folder: Path) -> str:
    """Return the URL of the warehouse in a folder."""
    return f"duckdb:///{folder}/warehouse.duckdb"


def select(folder: Path, people: int, messages: int) -> str:
    """Select among invented messages; return how long that took."""
    conversations = messages // MESSAGES_PER_CONVERSATION
    with connect(url_in(folder)) as connection, connection.cursor() as cursor:
        cursor.execute(
            INPUTS.format(
                people=people,
                conversations=conversations,
                days=DAYS,
                per_conversation=MESSAGES_PER_CONVERSATION,
            )
        )
        connection.commit()
    dbt(folder, "seed", "--select", *SEEDS)
    seconds = dbt(folder, "run", "--select", *MODELS)
    with connect(url_in(folder)) as connection, connection.cursor() as cursor:
        cursor.execute(SELECTED)
        days, chosen, most = cursor.fetchone()
    return (
        f"{people:,} people, {messages:,} messages: {days:,} days of people, "
        f"{chosen:,} chosen, at most {most:,} of one day, in {seconds:.1f} seconds"
    )


@contextmanager
def slow_stand_in() -> Iterator[dict[str, str]]:
    """Serve a stand-in in a process of its own; yield its settings."""
    command = [sys.executable, "-m", "stand_ins.llm", "--latency", str(LATENCY)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            lines = [server.stdout.readline() for _ in range(4)]
            yield dict(line.strip().split("=", 1) for line in lines)
        finally:
            server.terminate()


def texts(count: int) -> Iterator[tuple[PersonDay, DayTexts]]:
    """Yield invented days of people."""
    starts_at = datetime.combine(FIRST_DAY, datetime.min.time(), UTC)
    for number in range(count):
        person = f"person{number}"
        ends_at = starts_at + timedelta(days=1)
        day = PersonDay(person, FIRST_DAY, starts_at, ends_at, (person,))
        talk = [("user", [f"{SAID}{number}"]), ("assistant", ["Here is your result."])]
        yield day, DayTexts(["Ann Oakwood"], [talk * 3])


def ask(folder: Path, calls: int, concurrency: int) -> str:
    """Ask about invented days; return which part of the possible throughput was had."""
    dbt(folder, "run", "--select", "path:models/staging/insights")
    with (
        slow_stand_in() as settings,
        connect(url_in(folder)) as connection,
    ):
        endpoint = Endpoint(
            settings["LLM_BASE_URL"],
            settings["LLM_API_KEY"],
            settings["LLM_MODEL"],
            Decimal(100),
            concurrency,
        )
        client = Client(endpoint, read_price(connection, endpoint.model))
        questions = Questions(read_form(connection), endpoint.model, 24_000, "key")
        answers, tally = Answers(connection), Tally()
        started = time.monotonic()
        answer_days(client, questions, answers, texts(calls), tally)
        seconds = time.monotonic() - started
    possible = calls / concurrency * LATENCY
    return (
        f"{calls:,} calls of {LATENCY * 1000:.0f} ms, {concurrency} in flight: "
        f"{seconds:.1f} seconds, {possible / seconds:.0%} of the possible throughput "
        f"({tally.told(client)})"
    )


def main() -> None:
    """Print both measurements."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.insights", description=__doc__
    )
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=2_000_000)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--concurrency", type=int, default=8)
    arguments = parser.parse_args()
    console = Console(soft_wrap=True)
    write_profile()
    with TemporaryDirectory() as folder:
        path = Path(folder)
        console.print(select(path, arguments.people, arguments.messages))
        console.print(ask(path, arguments.calls, arguments.concurrency))


if __name__ == "__main__":
    main()
