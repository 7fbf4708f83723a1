"""How much memory it takes to read a day: `python -m benchmarks.insight_texts`.

Postgres holds what many people said on one day. It is read as a run does; nothing is
sent. A run that held all texts would grow by more than they weigh.
"""

import argparse
import logging
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.databases import running_postgres
from steps.insights.candidates import PersonDay
from steps.insights.questions import read_in_turn
from steps.insights.tally import Tally
from steps.insights.texts import TextSource

DAY = date(2026, 1, 1)
STARTS_AT = datetime(2026, 1, 1, tzinfo=UTC)
LIMIT = 24_000
MESSAGES, CHARACTERS = 10, 2_000
TEXTS = """
create table users (
    id text primary key, email text, name text, created_at timestamptz,
    analytics_consent boolean
);
create table conversations (
    id text primary key, user_id text, created_at timestamptz
);
create table messages (
    id text primary key, conversation_id text, role text, content text,
    created_at timestamptz
);
insert into users
select
    'u' || number, 'u' || number || '@mail.example', 'Ann Oakwood', '2025-12-01', true
from generate_series(1, {people}) as numbers (number);
insert into conversations
select 'c' || number, 'u' || number, '2026-01-01 09:00:00+00'
from generate_series(1, {people}) as numbers (number);
insert into messages
select
    'm' || person || '-' || number, 'c' || person,
    case number % 2 when 1 then 'user' else 'assistant' end,
    left(repeat('Please make an image of a bicycle, ann@mail.example. ', 99), {size}),
    timestamptz '2026-01-01 09:00:00+00' + number * interval '1 minute'
from generate_series(1, {people}) as people (person)
cross join generate_series(1, {messages}) as numbers (number);
create index on conversations (user_id);
create index on messages (conversation_id);
"""


def peak() -> float:
    """Return the most memory that this process has held so far, in MB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.rpartition("VmHWM:")[2].split()[0]) / 1024


def read_all(url: str, people: int) -> int:
    """Read what people said; return how many of them said something."""
    days = [
        PersonDay(
            f"person{number}",
            DAY,
            STARTS_AT,
            STARTS_AT + timedelta(days=1),
            (f"u{number}",),
        )
        for number in range(1, people + 1)
    ]
    return sum(1 for _ in read_in_turn(TextSource(url, LIMIT), days, Tally()))


def main() -> None:
    """Print how much the process grew."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.insight_texts", description=__doc__
    )
    parser.add_argument("--people", type=int, default=10_000)
    people = parser.parse_args().people
    logging.getLogger("loaders").setLevel(logging.ERROR)
    with TemporaryDirectory() as folder, running_postgres(Path(folder)) as server:
        server.psql(TEXTS.format(people=people, messages=MESSAGES, size=CHARACTERS))
        read_all(server.get_uri(), 1)
        before, started = peak(), time.monotonic()
        found = read_all(server.get_uri(), people)
        seconds = time.monotonic() - started
    weight = people * MESSAGES * CHARACTERS / 1024**2
    sys.stdout.write(
        f"{found:,} people of one day, {weight:,.0f} MB of texts: {before:,.0f} MB "
        f"before, at most {peak() - before:,.0f} MB more, in {seconds:.1f} seconds\n"
    )


if __name__ == "__main__":
    main()
