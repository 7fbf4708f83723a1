import hashlib
import hmac
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from loaders import neon
from loaders.database import open_databases
from loaders.load import load_source
from tests.conftest import ENGINES, execute, query
from tests.loaders.conftest import PERSON
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("working_directory")
PERSONS_SQL = """
select
    cast(id as varchar), external_id, company_name, created_at, deleted_at
from staging_engagement.persons order by id
"""


def load(source_url: str, warehouse_url: str, must_reconcile: bool = False) -> dict:
    """Load the engagement database; return what changed in each table that did."""
    settings = Settings.from_environment({"ENGAGEMENT_DATABASE_URL": source_url})
    with open_databases("engagement", settings) as tables:
        results = load_source(
            "engagement", tables, warehouse_url, "key", "real", must_reconcile
        )
    counts = {
        result.table.name: (result.rows_new, result.rows_changed, result.rows_deleted)
        for result in results
    }
    return {name: count for name, count in counts.items() if any(count)}


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_land_verbatim(
    engine: str, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse(engine)
    assert load(engagement, warehouse) == {"persons": (5, 0, 0), "posts": (5, 0, 0)}

    persons = query(warehouse, PERSONS_SQL)
    assert [row[0] for row in persons] == [f"{PERSON}{n}" for n in range(1, 6)]
    assert [row[1] for row in persons[:3]] == ["", 'say "hi",\nBob', None]
    assert persons[0][2] == "Aktiengesellschaft Öl"
    assert persons[0][3].isoformat() == "2026-01-02T10:00:00.123456+00:00"
    assert persons[2][4] is None, "an infinite time is a sentinel: never is NULL"
    types = dict(
        query(
            warehouse,
            "select column_name, lower(data_type) from information_schema.columns "
            "where table_schema = 'staging_engagement' and table_name = 'posts'",
        )
    )
    assert types["id"] == "uuid"
    assert types["created_at"] == "timestamp with time zone"
    assert types["link_has_preview"] == "boolean"
    [(created_at,)] = query(
        warehouse, "select distinct created_at from staging_engagement.posts"
    )
    assert created_at.isoformat() == "2026-03-01T08:00:00+00:00"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_second_load_brings_only_what_changed(
    engine: str, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse(engine)
    load(engagement, warehouse)
    assert load(engagement, warehouse) == {}

    # The last row was dated before the newest one but committed after the load.
    execute(
        engagement,
        f"""
        update persons set company_name = 'New', updated_at = '2026-06-07'
        where id = '{PERSON}1';
        insert into persons (id, created_at, updated_at)
        values ('{PERSON}8', '2026-06-08', '2026-06-08'),
            ('{PERSON}9', '2026-06-05', '2026-06-05 12:00:00+00');
        """,
    )
    assert load(engagement, warehouse) == {"persons": (2, 1, 0)}
    assert load(engagement, warehouse) == {}
    companies = query(
        warehouse,
        f"select company_name from staging_engagement.persons where id = '{PERSON}1'",
    )
    assert companies == [("New",)]


def test_a_row_from_the_future_hides_no_later_row(
    engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("duckdb")
    execute(
        engagement,
        f"update persons set updated_at = '2099-01-01' where id = '{PERSON}5'",
    )
    load(engagement, warehouse)
    execute(
        engagement,
        "insert into persons (id, created_at, updated_at) "
        f"values ('{PERSON}6', '2026-07-01', '2026-07-01')",
    )
    assert load(engagement, warehouse) == {"persons": (1, 0, 0)}


@pytest.mark.parametrize("engine", ENGINES)
def test_hard_deletes_are_marked_and_unmarked(
    engine: str, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse(engine)
    marked = (
        "select cast(id as varchar) from staging_engagement.persons "
        "where _deleted_in_source_at is not null"
    )
    load(engagement, warehouse)
    execute(engagement, f"delete from persons where id = '{PERSON}2'")
    assert load(engagement, warehouse) == {}, "not due: keys are compared weekly"
    # A row committed long after its own date is found by its key as well.
    execute(
        engagement,
        "insert into persons (id, created_at, updated_at) "
        f"values ('{PERSON}7', '2019-01-01', '2019-01-01')",
    )
    assert load(engagement, warehouse, must_reconcile=True) == {"persons": (1, 0, 1)}
    assert query(warehouse, marked) == [(f"{PERSON}2",)]

    execute(
        engagement,
        "insert into persons (id, created_at, updated_at) "
        f"values ('{PERSON}2', '2020-01-01', '2020-01-01')",
    )
    load(engagement, warehouse, must_reconcile=True)
    assert query(warehouse, marked) == []
    live = query(
        warehouse,
        "select rows_live from staging_engagement._loads "
        "where table_name = 'persons' order by started_at",
    )
    assert live == [(5,), (5,), (5,), (6,)], "one left and one came; it is back"


def test_personal_columns_land_as_keyed_hashes_or_not_at_all(
    engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("duckdb")
    load(engagement, warehouse)
    columns = {
        name
        for (name,) in query(
            warehouse,
            "select column_name from information_schema.columns "
            "where table_schema = 'staging_engagement' and table_name = 'persons'",
        )
    }
    assert columns.isdisjoint({"email", "first_name", "mood"})
    hashes = query(
        warehouse, "select email_hash from staging_engagement.persons order by id"
    )
    expected = hmac.new(b"key", b"ann@mail.example", hashlib.sha256).hexdigest()
    assert hashes[0] == (expected,), "trimmed and lower-cased before it is hashed"
    assert hashes[2] == (None,)
    domains = query(
        warehouse,
        "select email_domain_hash from staging_engagement.persons order by id",
    )
    expected = hmac.new(b"key", b"mail.example", hashlib.sha256).hexdigest()
    assert domains == [(expected,), (expected,), (None,), (None,), (None,)]


def test_what_is_optional_may_be_missing(
    engagement: str, empty_warehouse: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    warehouse = empty_warehouse("duckdb")
    load(engagement, warehouse)
    assert query(warehouse, "select count(*) from staging_engagement.messages") == [
        (0,)
    ]
    assert query(
        warehouse, "select count(role_title) from staging_engagement.persons"
    ) == [(0,)]
    notices = "\n".join(caplog.messages)
    assert "ENGAGEMENT_DATABASE_URL: no table messages, it stays empty" in notices
    assert (
        "ENGAGEMENT_DATABASE_URL: persons: no column role_title, it is NULL" in notices
    )
    assert (
        "ENGAGEMENT_DATABASE_URL: persons: undeclared columns are dropped: mood"
        in notices
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("drop table comments", "required table comments is missing"),
        (
            "alter table posts drop column person_id",
            "posts: the required column person_id is missing",
        ),
        (
            "alter table persons alter created_at type text",
            "persons: the type of created_at changed to text, expected timestamp",
        ),
    ],
)
def test_a_broken_contract_lands_nothing(
    change: str, told: str, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("duckdb")
    load(engagement, warehouse)
    execute(engagement, f"update persons set updated_at = now(); {change}")
    before = query(warehouse, PERSONS_SQL)
    with pytest.raises(UserError, match=told):
        load(engagement, warehouse)
    assert query(warehouse, PERSONS_SQL) == before


def test_a_source_is_read_in_one_snapshot_that_cannot_write(engagement: str) -> None:
    settings = Settings.from_environment({"ENGAGEMENT_DATABASE_URL": engagement})
    with open_databases("engagement", settings) as tables:
        persons = next(table for table in tables if table.table.name == "persons")
        execute(engagement, "delete from posts; delete from persons")
        read = sum(batch.num_rows for batch in persons.read(None, None))
        with (
            pytest.raises(Exception, match="read-only transaction"),
            persons.snapshot.connection.cursor() as cursor,
        ):
            cursor.execute("delete from groups")
    assert read == 5


KILLED_LOAD = """
import os, signal, sys
from loaders import database, load, ledger, table_load
from warehouse.settings import Settings

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

place, source, warehouse = sys.argv[1:]
module, _, name = place.rpartition(".")
places = {"load": load, "table_load": table_load, "Ledger": ledger.Ledger}
setattr(places[module], name, die)
settings = Settings.from_environment({"ENGAGEMENT_DATABASE_URL": source})
with database.open_databases("engagement", settings) as tables:
    load.load_source("engagement", tables, warehouse, "key", "real")
"""


@pytest.mark.parametrize(
    ("place", "engine"),
    [
        ("Ledger.start", "duckdb"),
        ("table_load.unknown_rows", "postgres"),
        ("load.count_rows", "duckdb"),
        ("Ledger.finish", "postgres"),
    ],
)
def test_a_load_killed_and_repeated_equals_one_load(
    place: str, engine: str, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse(engine)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_LOAD, place, engagement, warehouse],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    load(engagement, warehouse)
    assert len(query(warehouse, PERSONS_SQL)) == 5
    assert query(
        warehouse,
        "select count(*), count(distinct id) from staging_engagement.posts",
    ) == [(5, 5)]
    assert load(engagement, warehouse) == {}


def test_what_a_load_left_half_way_is_cleared_by_the_next(
    engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("duckdb")
    load(engagement, warehouse)
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into staging_engagement_staging.posts "
            "select * from staging_engagement.posts"
        )
        connection.commit()
    load(engagement, warehouse)
    staged = "select count(*) from staging_engagement_staging.posts"
    assert query(warehouse, staged) == [(0,)]


def test_a_newly_declared_column_is_filled_for_old_rows(
    engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("duckdb")
    load(engagement, warehouse)
    with_column = "select count(company_name) from staging_engagement.persons"
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute("alter table staging_engagement.persons drop company_name")
        connection.commit()
    load(engagement, warehouse)
    assert query(warehouse, with_column) == [(5,)]


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_of_many_batches_are_read_one_after_the_other(
    engine: str, new_database: Callable, empty_warehouse: Callable
) -> None:
    source, warehouse = new_database(), empty_warehouse(engine)
    execute(
        source,
        """
        create table notification_layers (id integer primary key, name text);
        create table user_notifications (
            id uuid primary key, user_id uuid, layer_id integer, sent_at timestamptz,
            push_title text
        );
        insert into notification_layers
        select number, repeat('x', 1000000) from generate_series(1, 40) as number;
        insert into user_notifications
        select gen_random_uuid(), gen_random_uuid(), id, '2026-01-01', name
        from notification_layers;
        """,
    )
    with neon.open_source(
        Settings.from_environment({"NEON_DATABASE_URL": source})
    ) as tables:
        load_source("neon", tables, warehouse, "key", "real")
    for table in ("notification_layers", "user_notifications"):
        assert query(warehouse, f"select count(*) from staging_neon.{table}") == [(40,)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_appears_later_is_filled_for_old_rows(
    engine: str, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse(engine)
    load(engagement, warehouse)
    execute(
        engagement,
        "alter table persons add role_title text; update persons set role_title = 'x'",
    )
    assert load(engagement, warehouse) == {"persons": (0, 5, 0)}
    filled = "select count(role_title) from staging_engagement.persons"
    assert query(warehouse, filled) == [(5,)]
    assert load(engagement, warehouse) == {}


def test_a_row_without_any_cursor_value_lands(
    engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("duckdb")
    load(engagement, warehouse)
    execute(
        engagement,
        "alter table persons alter created_at drop not null; "
        f"insert into persons (id) values ('{PERSON}6')",
    )
    assert load(engagement, warehouse) == {"persons": (1, 0, 0)}
    assert load(engagement, warehouse) == {}


def test_an_error_of_the_source_quotes_no_row(
    engagement: str, empty_warehouse: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    execute(
        engagement,
        """
        alter table persons rename to hidden;
        create view persons as
        select id, created_at, cast(cast(email as integer) as text) as email
        from hidden
        """,
    )
    settings = Settings.from_environment({"ENGAGEMENT_DATABASE_URL": engagement})
    warehouse = empty_warehouse("duckdb")
    with open_databases("engagement", settings) as tables:
        results = load_source("engagement", tables, warehouse, "key", "real")
    [told] = [result.error for result in results if result.error]
    assert told.startswith("ENGAGEMENT_DATABASE_URL: persons cannot be read")
    assert "mail.example" not in (told + caplog.text).lower()


def test_a_column_without_the_right_to_read_it_counts_as_missing(
    engagement: str, new_database: Callable, empty_warehouse: Callable
) -> None:
    execute(
        engagement,
        """
        drop role if exists analyst;
        create role analyst login;
        grant select on posts, comments, groups, group_members to analyst;
        grant select (id, created_at, updated_at) on persons to analyst;
        """,
    )
    warehouse = empty_warehouse("duckdb")
    load(engagement.replace("postgres:@", "analyst:@"), warehouse)
    persons = "select count(*), count(email_hash) from staging_engagement.persons"
    assert query(warehouse, persons) == [(5, 0)]
    execute(engagement, "drop owned by analyst; drop role analyst")
