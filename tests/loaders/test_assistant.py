"""The database of an assistant in other shapes than the demo's: no text is read."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from loaders.database import open_databases
from loaders.load import load_source
from loaders.suppression import read_suppressed, suppress
from tests.conftest import ENGINES, execute, query
from warehouse.connection import connect
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("working_directory")
# Text ids, no optional column, jobs and actions that other products lack.
SCHEMA = """
create table users (
    id text primary key, email text, name text, created_at timestamptz not null
);
create table conversations (
    id text primary key, user_id text not null, title text,
    started_at timestamptz not null, last_message_at timestamptz
);
create table messages (
    id text primary key, conversation_id text not null, role text not null,
    content text, created_at timestamptz not null
);
create table user_actions (
    id text primary key, user_id text not null, action text not null, metadata jsonb,
    created_at timestamptz not null
);
insert into users values ('usr_1', 'ann@mail.example', 'Ann Nameless', '2026-01-01');
insert into conversations values ('c_1', 'usr_1', 'Secret title', '2026-01-02', null);
insert into messages values
    ('m_1', 'c_1', 'user', E'  Grüße, my secret words \\n', '2026-01-02'),
    ('m_2', 'c_1', 'assistant', 'שלום עולם', '2026-01-02'),
    ('m_3', 'c_1', 'tool', repeat('secret words', 100000), '2026-01-02'),
    ('m_4', 'c_1', 'user', E'\\u0001\\u202e', '2026-01-02'),
    ('m_5', 'c_1', 'user', null, '2026-01-02');
insert into user_actions values
    ('a_1', 'usr_1', 'share', '{"job_id": "j_1", "to": "secret words"}', '2026-01-02'),
    ('a_2', 'usr_1', 'share', '["job_id"]', '2026-01-02'),
    ('a_3', 'usr_1', 'share', '{"job_id": {"a": 1}}', '2026-01-02'),
    ('a_4', 'usr_1', 'download', null, '2026-01-02');
"""


@pytest.fixture
def settings(new_database: Callable) -> Settings:
    """Settings that name a database of one conversation."""
    url = new_database()
    execute(url, SCHEMA)
    return Settings.from_environment({"ASSISTANT_DATABASE_URL": url})


@pytest.mark.parametrize("engine", ENGINES)
def test_of_texts_lengths_land_and_of_documents_one_key(
    engine: str,
    settings: Settings,
    new_warehouse: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    warehouse = new_warehouse(engine)
    with open_databases("assistant", settings) as tables:
        results = load_source("assistant", tables, warehouse, "key", "real")
    assert [result.error for result in results if result.error] == []
    messages = query(
        warehouse,
        "select id, role, content_length, tool_name from staging_assistant.messages "
        "order by id",
    )
    assert messages == [
        ("m_1", "user", 22, None),
        ("m_2", "assistant", 9, None),
        ("m_3", "tool", 1_200_000, None),
        ("m_4", "user", 2, None),
        ("m_5", "user", None, None),
    ]
    jobs = query(
        warehouse,
        "select id, job_id_hash is not null from staging_assistant.user_actions "
        "order by id",
    )
    assert jobs == [("a_1", True), ("a_2", False), ("a_3", True), ("a_4", False)]
    consent = (
        "select id, analytics_consent, plan, credit_allowance "
        "from staging_assistant.users"
    )
    assert query(warehouse, consent) == [("usr_1", None, None, None)]
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert "users: no column analytics_consent, it is NULL" in told
    assert "no table service_jobs, it stays empty" in told
    assert "secret" not in told.lower()
    assert "Nameless" not in told


def test_no_conversation_of_an_erased_person_lands(
    settings: Settings, new_warehouse: Callable
) -> None:
    execute(
        settings.database_urls["ASSISTANT_DATABASE_URL"],
        """
        insert into users (id, created_at) values ('usr_2', '2026-01-01');
        insert into conversations (id, user_id, started_at)
        values ('c_2', 'usr_2', '2026-01-02');
        insert into messages values ('m_6', 'c_2', 'user', 'Hello', '2026-01-02');
        """,
    )
    warehouse = new_warehouse("duckdb")
    with connect(warehouse) as connection:
        nobody = read_suppressed(connection, "key")
        suppress(connection, nobody, [("assistant", "usr_1")])
        connection.commit()
    for _ in range(2):
        with open_databases("assistant", settings) as tables:
            load_source("assistant", tables, warehouse, "key", "real", True)
        for table, landed in (("conversations", "c_2"), ("messages", "m_6")):
            ids = query(warehouse, f"select id from staging_assistant.{table}")
            assert ids == [(landed,)]


def test_the_source_counts_the_characters(settings: Settings) -> None:
    with open_databases("assistant", settings) as tables:
        (messages,) = (one for one in tables if one.table.name == "messages")
        rows = pa.concat_tables(messages.read(None, None))
    assert pa.types.is_integer(rows["content"].type)


def test_allowances_and_consent_are_read_however_they_are_kept(
    settings: Settings, new_warehouse: Callable, tmp_path: Path
) -> None:
    execute(
        settings.database_urls["ASSISTANT_DATABASE_URL"],
        """
        alter table users add analytics_consent text, add credit_allowance text;
        insert into users (id, created_at, analytics_consent, credit_allowance) values
            ('usr_2', '2026-01-01', 'yes', '250.5'),
            ('usr_3', '2026-01-01', 'maybe', 'x');
        """,
    )
    warehouse = new_warehouse("duckdb")
    with open_databases("assistant", settings) as tables:
        load_source("assistant", tables, warehouse, "key", "real")
    assert query(
        warehouse,
        "select id, analytics_consent, credit_allowance from staging_assistant.users "
        "order by id",
    ) == [
        ("usr_1", None, None),
        ("usr_2", True, Decimal("250.5")),
        ("usr_3", None, None),
    ]
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"secret words" not in file.read_bytes()
