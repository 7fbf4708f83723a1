"""A warehouse that has chosen some days, the source with their texts, and the step."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest

from stand_ins.llm import StandIn
from steps.insights.__main__ import main
from steps.insights.tables import TABLES
from tests.conftest import REPOSITORY, execute
from tests.steps.warehouses import Row, mart_table, read_rows, write_tables
from warehouse.connection import connect
from warehouse.origins import hash_key_id

HASH_KEY = "a key of these tests alone"
DAY = date(2026, 3, 2)
CANDIDATES = "int_insight_candidates"
SEEDS = (
    "insight_intents",
    "insight_use_cases",
    "insight_blockers",
    "insight_feature_areas",
    "insight_thresholds",
    "llm_prices",
)
# As a product calls them; of the optional columns some are missing, and ids are text.
SCHEMA = """
    create table users (
        id text primary key, email text, name text, created_at timestamptz,
        analytics_consent boolean
    );
    create table conversations (
        id text primary key, user_id text, started_at timestamptz,
        deleted_at timestamptz
    );
    create table messages (
        id text primary key, conversation_id text, role text, content text,
        created_at timestamptz
    );
"""
# Who they are, and what must never leave.
PEOPLE = {
    "ann": ("usr_ann", "Ann Oakwood", "ann.oakwood@mail.example"),
    "bob": ("usr_bob", "Bob Birch", "bob@mail.example"),
    "eve": ("usr_eve", "Eve Elm", "eve@mail.example"),
}
SAID = {
    "ann": "Please make an image of a pine for Oakwood, ann.oakwood@mail.example",
    "bob": "Bitte suche im Netz nach einem Fahrrad. Call me on +49 171 2345678",
    "eve": "I would pay for more of it. I give it 9 out of 10. It is slow.",
}
PRIVATE = ("Oakwood", "ann.oakwood", "Birch", "bob@mail", "2345678", "eve@mail", "Elm")


def add_messages(url: str, account: str, texts: Iterable[str], day: date = DAY) -> None:
    """Let a person say texts on a day, in a conversation of that day."""
    talk = f"{account}-{day}"
    starts_at = datetime.combine(day, datetime.min.time(), UTC)
    rows = [
        f"(gen_random_uuid()::text, '{talk}', 'user', $text${text}$text$, "
        f"'{starts_at + timedelta(hours=9, seconds=second)}')"
        for second, text in enumerate(texts)
    ]
    execute(
        url,
        f"insert into conversations values ('{talk}', '{account}', '{starts_at}') "
        "on conflict do nothing;"
        f"insert into messages values {', '.join(rows)}",
    )


def fill_source(url: str) -> None:
    """Make the database of the assistant: each of three people says one thing."""
    execute(url, SCHEMA)
    for person, (account, name, email) in PEOPLE.items():
        execute(
            url,
            f"insert into users values ('{account}', '{email}', '{name}', "
            "'2026-01-01', true)",
        )
        add_messages(url, account, [SAID[person]])


def chosen(user_key: str, day: date = DAY, **others: Any) -> Row:  # noqa: ANN401
    """Return a day that is to be asked about."""
    starts_at = datetime.combine(day, datetime.min.time(), UTC)
    return {
        "user_key": user_key,
        "day": day,
        "is_chosen": True,
        "day_starts_at": starts_at,
        "day_ends_at": starts_at + timedelta(days=1),
    } | others


def write_warehouse(url: str) -> None:
    """Create what `dbt build` leaves for the step."""
    identities = [
        {"user_key": person, "source_system": "assistant", "source_id": account}
        for person, (account, _, _) in PEOPLE.items()
    ]
    loads = [{"data_origin": "real", "hash_key_id": hash_key_id(HASH_KEY)}]
    write_tables(
        url,
        {
            "staging_assistant._loads": pa.Table.from_pylist(loads),
            "core.bridge_user_identities": pa.Table.from_pylist(identities),
            f"intermediate.{CANDIDATES}": mart_table(
                CANDIDATES, [chosen(person) for person in PEOPLE]
            ),
            **{
                f"seeds.{name}": pyarrow.csv.read_csv(
                    REPOSITORY / "seeds" / f"{name}.csv"
                )
                for name in SEEDS
            },
            **{
                f"insights.{name}": mart_table(f"stg_insights__{name}")
                for name in TABLES
            },
        },
    )


@dataclass
class InsightsWarehouse:
    """The warehouse, its source, and the stand-in that is asked."""

    url: str
    source_url: str
    stand_in: StandIn
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def environment(self) -> dict[str, str]:
        """Return the settings of the step."""
        address = self.stand_in.address
        return {
            "WAREHOUSE_URL": self.url,
            "PII_HASH_KEY": HASH_KEY,
            "ASSISTANT_DATABASE_URL": self.source_url,
            "LLM_BASE_URL": address.base_url,
            "LLM_API_KEY": address.api_key,
            "LLM_MODEL": address.model,
            "LLM_BUDGET": "1",
        }

    def run(self, *arguments: str, **changed: str) -> tuple[int, str]:
        """Run the step with some settings changed; return its code and all it tells."""
        for name, value in (self.environment() | changed).items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.setattr(sys, "argv", ["steps.insights", *arguments])
        code = main()
        printed = self.capsys.readouterr()
        return code, printed.out + printed.err

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query of the warehouse."""
        return read_rows(self.url, query)

    def execute(self, sql: str) -> None:
        """Change the warehouse."""
        with connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            connection.commit()

    def add_candidates(self, rows: list[Row]) -> None:
        """Let the warehouse choose more days."""
        write_tables(self.url, {"more.days": mart_table(CANDIDATES, rows)})
        self.execute(
            f"insert into intermediate.{CANDIDATES} select * from more.days"  # noqa: S608
        )

    def statuses(self) -> list[str]:
        """Return how all calls ended, in their order."""
        query = "select status from insights.calls order by called_at, attempt"
        return [row["status"] for row in self.rows(query)]

    def asked(self) -> list[dict[str, Any]]:
        """Return what was sent, in the order of the answers."""
        return [
            json.loads(exchange.request.body)
            for exchange in self.stand_in.journal.of("chat")
        ]
