"""Databases that hide, lock, repeat or mangle what they hold."""

from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal

import psycopg2
import pytest

from loaders import neon, snapshot
from loaders.database import open_databases
from loaders.ledger import TableResult
from loaders.load import load_source
from tests.conftest import ENGINES, execute, query
from tests.loaders.conftest import PERSON, SCHEMA
from warehouse.errors import UserError
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("working_directory")
ANALYST = """
drop role if exists analyst;
create role analyst login;
grant select on all tables in schema public to analyst;
"""
MESSAGES = """
create table messages (
    id uuid primary key, conversation_id uuid not null, type text,
    created_at timestamptz not null, updated_at timestamptz
);
insert into messages
select
    ('00000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid,
    gen_random_uuid(), 'text', '2026-03-01'
from generate_series(1, 300) as number;
"""


def load(source: str, warehouse: str, **how: bool) -> dict[str, TableResult]:
    """Load the engagement database; return what came of each table."""
    settings = Settings.from_environment({"ENGAGEMENT_DATABASE_URL": source})
    with open_databases("engagement", settings) as tables:
        results = load_source("engagement", tables, warehouse, "key", "real", **how)
    return {result.table.name: result for result in results}


def changes(results: dict[str, TableResult]) -> dict[str, tuple[int, int, int]]:
    """Return the rows new, changed and deleted of the tables where there are any."""
    counts = {
        name: (result.rows_new, result.rows_changed, result.rows_deleted)
        for name, result in results.items()
    }
    return {name: count for name, count in counts.items() if any(count)}


def errors(results: dict[str, TableResult]) -> list[str]:
    """Return what somebody has to see to."""
    return [result.error for result in results.values() if result.error]


def unfinished(warehouse: str) -> list[str]:
    """Return the tables that a load has not read completely."""
    rows = query(
        warehouse,
        "select table_name from staging_engagement._loads where finished_at is null",
    )
    return [name for (name,) in rows]


def deleted(warehouse: str, table: str) -> int:
    """Count the rows that are marked as gone from the source."""
    marked = "count(_deleted_in_source_at)"
    return query(warehouse, f"select {marked} from staging_engagement.{table}")[0][0]


@pytest.fixture
def as_analyst(engagement: str) -> Iterator[str]:
    """The URL of the database for a user who may only read."""
    execute(engagement, MESSAGES + ANALYST)
    yield engagement.replace("postgres:@", "analyst:@")
    execute(engagement, "drop owned by analyst; drop role analyst")


def test_a_policy_that_hides_rows_stops_its_table_alone(
    as_analyst: str, engagement: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    load(as_analyst, warehouse)
    execute(
        engagement,
        f"""
        alter table persons enable row level security;
        create policy own on persons using (id = '{PERSON}1');
        insert into posts (id, person_id, created_at)
        values ('{PERSON}7', '{PERSON}1', '2026-07-01');
        """,
    )
    results = load(as_analyst, warehouse, must_reconcile=True)
    [line] = errors(results)
    assert line.startswith(
        "ENGAGEMENT_DATABASE_URL: persons cannot be read: row-level security"
    )
    assert changes(results) == {"posts": (1, 0, 0)}
    assert unfinished(warehouse) == ["persons"]

    execute(engagement, "alter role analyst bypassrls")
    assert errors(load(as_analyst, warehouse)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_many_deletes_are_marked_only_if_accepted(
    engine: str, engagement: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    execute(engagement, MESSAGES)
    load(engagement, warehouse)
    gone = "delete from messages where id in (select id from messages limit {})"

    execute(engagement, gone.format(100))
    assert changes(load(engagement, warehouse, must_reconcile=True)) == {
        "messages": (0, 0, 100)
    }, "no more than 100"
    execute(engagement, gone.format(101))
    results = load(engagement, warehouse, must_reconcile=True)
    [line] = errors(results)
    assert line.startswith(
        "ENGAGEMENT_DATABASE_URL: messages: 101 of 200 rows are gone from the source, "
        "more than 20%: nothing is marked as deleted."
    )
    assert "--accept-deletes" in line
    assert deleted(warehouse, "messages") == 100
    assert unfinished(warehouse) == ["messages"]
    assert changes(load(engagement, warehouse, accept_deletes=True)) == {
        "messages": (0, 0, 101)
    }
    assert errors(load(engagement, warehouse, must_reconcile=True)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("drop table messages", "no table messages, and 300 rows of it landed before"),
        ("alter table messages rename to notes", "no table messages, and 300 rows"),
        ("revoke select on messages from analyst", "and 300 rows of it landed before"),
        (
            "revoke select on messages from analyst; "
            "grant select (id, conversation_id, created_at) on messages to analyst",
            "messages: type, updated_at landed before and is not there any more",
        ),
    ],
)
def test_what_was_there_before_and_is_out_of_sight_is_an_error(
    change: str,
    told: str,
    as_analyst: str,
    engagement: str,
    new_warehouse: Callable,
) -> None:
    warehouse = new_warehouse("duckdb")
    load(as_analyst, warehouse)
    execute(engagement, f"{change}; update persons set updated_at = now()")
    results = load(as_analyst, warehouse, must_reconcile=True)
    [line] = errors(results)
    assert told in line
    assert "--accept-deletes" in line
    assert changes(results) == {"persons": (0, 5, 0)}
    assert deleted(warehouse, "messages") == 0

    accepted = load(as_analyst, warehouse, accept_deletes=True)
    assert errors(accepted) == []
    assert deleted(warehouse, "messages") == (0 if "grant" in change else 300)
    assert errors(load(as_analyst, warehouse)) == []


@pytest.mark.parametrize(
    ("change", "right"),
    [
        ("revoke select on persons from analyst", "select on persons"),
        (
            "revoke select on persons from analyst; "
            "grant select (email) on persons to analyst",
            "select (id) on persons",
        ),
        ("revoke usage on schema public from public", "usage on schema public"),
    ],
)
def test_a_missing_right_is_not_told_as_a_missing_table(
    change: str, right: str, as_analyst: str, engagement: str
) -> None:
    execute(engagement, change)
    settings = Settings.from_environment({"ENGAGEMENT_DATABASE_URL": as_analyst})
    with pytest.raises(UserError) as told, open_databases("engagement", settings):
        pass
    assert (
        f"ENGAGEMENT_DATABASE_URL: the role analyst has no right to {right}: let the "
        f'owner run `grant {right} to "analyst"`'
    ) in str(told.value).splitlines()
    assert "is missing" not in str(told.value)


def test_a_locked_table_does_not_hold_up_the_others(
    engagement: str,
    new_warehouse: Callable,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(snapshot, "LOCK_TIMEOUT", "100ms")
    warehouse = new_warehouse("duckdb")
    execute(engagement, MESSAGES)
    with closing(psycopg2.connect(engagement)) as migration:
        migration.cursor().execute(
            "alter table messages add topic text; alter table comments add topic text"
        )
        results = load(engagement, warehouse)
    assert changes(results) == {"persons": (5, 0, 0), "posts": (5, 0, 0)}
    [line] = errors(results)
    assert line.startswith("ENGAGEMENT_DATABASE_URL: comments cannot be read: it was")
    assert any(
        "messages cannot be read: it was locked" in message
        and message.endswith("until then it stays as it is")
        for message in caplog.messages
    ), "an optional table is no error"
    assert sorted(unfinished(warehouse)) == ["comments", "messages"]
    assert changes(load(engagement, warehouse)) == {"messages": (300, 0, 0)}


def test_a_database_that_does_not_open_holds_up_no_other_of_its_source(
    new_database: Callable, new_warehouse: Callable
) -> None:
    source, warehouse = new_database(), new_warehouse("duckdb")
    execute(
        source,
        """
        create table notification_layers (id bigint primary key, name text);
        create table user_notifications (
            id uuid primary key, user_id uuid, layer_id bigint, sent_at timestamptz,
            push_title text
        );
        insert into notification_layers values (1, 'One');
        """,
    )
    settings = Settings.from_environment(
        {
            "NEON_DATABASE_URL": source,
            "NEON_APP_DATABASE_URL": "postgresql://reader@127.0.0.1:1/nowhere",
        }
    )
    with neon.open_source(settings) as tables:
        results = load_source("neon", tables, warehouse, "key", "real")
    [line] = {result.error for result in results if result.error}
    assert line.startswith("NEON_APP_DATABASE_URL: nothing answers at")
    assert query(warehouse, "select name from staging_neon.notification_layers") == [
        ("One",)
    ]
    ledger = "select table_name from staging_neon._loads where finished_at is null"
    assert ("users",) in query(warehouse, ledger)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_that_breaks_off_lands_nothing_and_stops_no_other(
    engine: str,
    engagement: str,
    new_warehouse: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    warehouse = new_warehouse(engine)
    execute(
        engagement,
        """
        create table numbers as select generate_series(1, 30000) as number;
        create view messages as
        select
            gen_random_uuid() as id,
            gen_random_uuid() as conversation_id,
            repeat('many batches', 100) as type,
            timestamptz '2026-01-01' + number * interval '1 s' as created_at,
            case when number = 29999 then ('secret' || number)::uuid end as sender_id
        from numbers
        """,
    )
    results = load(engagement, warehouse)
    assert changes(results) == {"persons": (5, 0, 0), "posts": (5, 0, 0)}
    assert "messages cannot be read: the database fails to give it" in caplog.text
    assert "secret" not in caplog.text
    assert query(warehouse, "select count(*) from staging_engagement.messages") == [
        (0,)
    ], "else its newest row would hide the older ones"


REPEATED = f"""
create table messages (
    id uuid, conversation_id uuid not null, type text,
    created_at timestamptz not null, updated_at timestamptz
);
insert into messages values
    ('{PERSON}1', '{PERSON}1', 'older', '2026-03-01', '2026-03-02'),
    ('{PERSON}1', '{PERSON}1', 'newer', '2026-03-01', '2026-05-01'),
    ('{PERSON}2', '{PERSON}1', 'text', '2026-03-01', null),
    ('{PERSON}2', '{PERSON}2', 'text', '2026-03-01', null),
    ('{PERSON}3', '{PERSON}1', 'same', '2026-03-01', '2026-03-02'),
    ('{PERSON}3', '{PERSON}1', 'same', '2026-03-01', '2026-03-02'),
    ('{PERSON}4', '{PERSON}1', 'alone', '2026-03-01', '2026-03-02'),
    (null, '{PERSON}1', 'none', '2026-03-01', '2026-05-01'),
    (null, '{PERSON}1', 'none', '2026-03-01', '2026-05-01');
create table message_reads (id uuid, message_id uuid, person_id uuid, read_at date);
insert into message_reads
select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '2026-04-01'
from generate_series(1, 1000);
insert into message_reads select id, message_id, person_id, '2026-04-02'
from message_reads;
"""
OTHER_ORDER = """
create table turned as select * from messages order by type desc, conversation_id desc;
truncate messages;
insert into messages select * from turned;
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_of_rows_with_one_key_the_newest_lands_in_every_load(
    engine: str,
    engagement: str,
    new_warehouse: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    warehouse = new_warehouse(engine)
    execute(engagement, REPEATED)
    rejected = {"messages": 5, "message_reads": 1000}
    for change in ("", OTHER_ORDER):
        if change:
            execute(engagement, change)
        caplog.clear()
        results = load(engagement, warehouse, must_reconcile=bool(change))
        counts = {name: result.rows_rejected for name, result in results.items()}
        assert {name: n for name, n in counts.items() if n} == rejected
        told = [line for line in caplog.messages if "rejected" in line]
        assert told == [
            "ENGAGEMENT_DATABASE_URL: messages: 3 rows have the id of another row and "
            "are rejected: of rows with one key the newest counts",
            "ENGAGEMENT_DATABASE_URL: message_reads: 1000 rows have the id of another "
            "row and are rejected: of rows with one key the newest counts",
        ]
        assert query(
            warehouse,
            "select cast(id as varchar), cast(conversation_id as varchar), type "
            "from staging_engagement.messages order by id",
        ) == [
            (f"{PERSON}1", f"{PERSON}1", "newer"),
            (f"{PERSON}2", f"{PERSON}2", "text"),
            (f"{PERSON}3", f"{PERSON}1", "same"),
            (f"{PERSON}4", f"{PERSON}1", "alone"),
        ]
        [(reads, newest)] = query(
            warehouse,
            "select count(*), count(case when read_at = '2026-04-02' then 1 end) "
            "from staging_engagement.message_reads",
        )
        assert (reads, newest) == (1000, 1000)
    assert changes(results) == {}


@pytest.mark.parametrize(
    ("encoding", "stored", "landed", "replaced"),
    [
        ("LATIN1", b"Caf\xe9 \xa4", "Café ¤", 0),
        ("WIN1252", b"Caf\xe9 \x80\x81", "Café €\N{REPLACEMENT CHARACTER}", 1),
        ("SQL_ASCII", b"Caf\xe9", "Caf\N{REPLACEMENT CHARACTER}", 1),
        ("SQL_ASCII", "Café".encode(), "Café", 0),
        ("EUC_JP", "東京".encode("euc_jp"), "東京", 0),
        ("KOI8R", "Москва".encode("koi8_r"), "Москва", 0),
    ],
)
def test_texts_of_any_encoding_land(
    encoding: str,
    stored: bytes,
    landed: str,
    replaced: int,
    new_database: Callable,
    new_warehouse: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    source, warehouse = new_database(encoding=encoding), new_warehouse("duckdb")
    execute(source, SCHEMA.replace("Ö", "O"))
    with closing(psycopg2.connect(source)) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(f"set client_encoding = '{encoding}'")
        cursor.execute(
            b"update persons set company_name = '%b', external_id = '%b';"
            b'alter table persons add "%b" integer' % (stored, stored, stored)
        )
    assert errors(load(source, warehouse)) == []
    texts = "select distinct company_name, external_id from staging_engagement.persons"
    assert query(warehouse, texts) == [(landed, landed)]
    told = [line for line in caplog.messages if "no text" in line]
    assert len(told) == 2 * replaced
    assert all(line.startswith("ENGAGEMENT_DATABASE_URL: persons: 5") for line in told)
    assert changes(load(source, warehouse)) == {}


def test_numbers_out_of_range_nested_domains_and_lists(
    new_database: Callable, new_warehouse: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    source, warehouse = new_database(), new_warehouse("duckdb")
    execute(
        source,
        """
        create domain whole as bigint check (value > 0);
        create domain layer as whole check (value < 9);
        create domain moment as timestamptz;
        create domain sending as moment;
        create table notification_layers (id layer primary key, name text);
        create table user_notifications (
            id uuid primary key, user_id uuid, layer_id layer, sent_at sending,
            push_title text
        );
        insert into notification_layers values (1, 'One');
        insert into user_notifications
        values (gen_random_uuid(), gen_random_uuid(), 1, '2026-01-01', 'Hello');
        create type range as (low integer, high integer);
        create table cadence_rules (
            id text primary key, value_in_hours float8, name text[], description range
        );
        insert into cadence_rules values
            ('a', 1e300), ('b', 'nan'), ('c', '-infinity'), ('d', 72.5), ('e', -1e29),
            ('f', 9.9e28), ('g', null);
        """,
    )
    with neon.open_source(
        Settings.from_environment({"NEON_DATABASE_URL": source})
    ) as tables:
        results = load_source("neon", tables, warehouse, "key", "real")
    assert [result.error for result in results if result.error] == []
    rules = "select id, value_in_hours from staging_neon.cadence_rules order by id"
    assert query(warehouse, rules) == [
        ("a", None),
        ("b", None),
        ("c", None),
        ("d", Decimal("72.5")),
        ("e", None),
        ("f", Decimal("9.9e28")),
        ("g", None),
    ]
    for told in (
        "4 values of value_in_hours are no numeric, they are NULL",
        "the type of name is _text, expected text, it is NULL",
        "the type of description is range, expected text, it is NULL",
    ):
        assert f"NEON_DATABASE_URL: cadence_rules: {told}" in caplog.messages
    assert query(warehouse, "select layer_id from staging_neon.user_notifications") == [
        (1,)
    ]
