"""The demo's assistant: its labels fit what was said, and it holds every trap."""

import csv
from pathlib import Path

import pytest

from demo.files import ASSISTANT_LABELS
from tests.conftest import REPOSITORY, query
from tests.helpers.leaks import leaked_values
from warehouse.connection import connect

Row = dict[str, str]


@pytest.fixture(scope="session")
def assistant(sources: dict[str, str]) -> str:
    """The URL of the database."""
    return sources["ASSISTANT_DATABASE_URL"]


@pytest.fixture(scope="session")
def labels(world: Path) -> list[Row]:
    """What is true of each person and day."""
    with (world / ASSISTANT_LABELS).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(assistant: str) -> str:
    with connect(assistant) as connection, connection.cursor() as cursor:
        cursor.execute("select content from messages")
        return "\n".join(cursor.fetch_arrow_table()["content"].to_pylist())


def test_every_day_on_which_somebody_wrote_has_a_label(
    assistant: str, labels: list[Row]
) -> None:
    days = query(
        assistant,
        """
        select distinct
            user_id::text, (messages.created_at at time zone 'UTC')::date::text
        from messages
        inner join conversations on messages.conversation_id = conversations.id
        where role = 'user'
        """,
    )
    assert {(row["user_id"], row["day"]) for row in labels} == set(days)
    assert len(labels) == len(days)


@pytest.mark.parametrize(
    ("column", "seed"),
    [
        ("primary_intent", "insight_intents"),
        ("use_case", "insight_use_cases"),
        ("blockers", "insight_blockers"),
        ("feature_areas", "insight_feature_areas"),
    ],
)
def test_labels_are_of_the_vocabularies(
    labels: list[Row], column: str, seed: str
) -> None:
    with (REPOSITORY / "seeds" / f"{seed}.csv").open(encoding="utf-8") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    used = {code for row in labels for code in row[column].split("|") if code}
    assert used <= codes
    assert len(used) > len(codes) / 2


def test_most_agreed_and_some_were_never_asked(assistant: str) -> None:
    [(agreed, refused, silent)] = query(
        assistant,
        """
        select
            avg((analytics_consent is true)::int)::float,
            count(*) filter (where not analytics_consent),
            count(*) filter (where analytics_consent is null)
        from users
        """,
    )
    assert agreed == pytest.approx(0.7, abs=0.15)
    assert min(refused, silent) > 0


def test_people_write_what_must_not_leak_and_orders_to_the_model(
    assistant: str, world: Path
) -> None:
    said = texts(assistant)
    leaked = leaked_values(world, said.encode())
    assert len(leaked) > 20
    assert any("@" in value for value in leaked)
    assert any(value.startswith("+1555") for value in leaked)
    assert "Ignore all previous instructions" in said


def test_jobs_fail_cost_credits_and_come_from_nowhere(assistant: str) -> None:
    [counts] = query(
        assistant,
        """
        select
            count(*) filter (where status = 'failed'),
            count(*) filter (where error_code = 'insufficient_credits'),
            count(*) filter (where conversation_id is null),
            (select count(*) from user_actions where action = 'credit_limit'),
            (select count(*) from users where deleted_at is not null),
            (select count(*) from conversations where deleted_at is not null),
            (select count(*) - count(distinct lower(email)) from users)
        from service_jobs
        """,
    )
    assert min(counts) > 0, counts
