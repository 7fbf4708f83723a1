"""Sources whose columns have other names or types than the demo's."""

from collections.abc import Callable

import pytest

from loaders import neon
from loaders.database import open_databases
from loaders.load import load_source
from tests.conftest import ENGINES, REPOSITORY, execute, query
from tests.helpers.chemlink import SCHEMA as CHEMLINK
from warehouse.errors import UserError
from warehouse.settings import DATABASES, Settings

pytestmark = pytest.mark.usefixtures("working_directory")
ANN = "00000000-0000-4000-8000-00000000000a"
MESSAGES = f"""
create table conversations (id uuid, conversation_type text);
create table messages (
    id uuid, conversation_id uuid, sender_id uuid, message_type text,
    created_at timestamptz
);
create table message_reactions (
    message_id uuid, person_id uuid, reaction_type text,
    primary key (message_id, person_id)
);
insert into conversations values ('{ANN}', 'DIRECT');
insert into messages values ('{ANN}', '{ANN}', '{ANN}', 'SYSTEM', '2026-01-01');
insert into message_reactions values ('{ANN}', '{ANN}', 'LIKE');
"""
APP = """
create table users (id uuid, created_at timestamptz, deleted_at bigint);
create table offers (
    id uuid, creator_user_id uuid, created_at timestamptz, is_offer_idea boolean
);
create table trades (
    offer_id bigint, created_at timestamptz, confirmed_trade_date date,
    deleted_at bigint
);
insert into trades values
    (1, '2026-01-01', '2026-01-02', 0),
    (2, '2026-01-01', '2026-01-02', 1),
    (3, null, '2026-01-02', 1),
    (4, '2026-01-01', '2026-01-02', 1767607200),
    (5, '2026-01-01', '2026-01-02', 1767607200123),
    (6, '2026-01-01', '2026-01-02', 1767607200123456),
    (7, '2026-01-01', '2026-01-02', 1767607200123456789),
    (8, '2026-01-01', '2026-01-02', null);
"""
DELETED = {
    "2": "2026-01-01T00:00:00+00:00",
    "3": "2000-01-01T00:00:00+00:00",
    "4": "2026-01-05T10:00:00+00:00",
    "5": "2026-01-05T10:00:00.123000+00:00",
    "6": "2026-01-05T10:00:00.123456+00:00",
    "7": "2026-01-05T10:00:00.123457+00:00",
}


def load(source: str, url: str, warehouse: str) -> dict[str, tuple[int, int, int]]:
    """Load a source of one database; return what changed in each table that did."""
    variable = DATABASES[source]["app" if source == "neon" else source]
    with open_databases(source, Settings.from_environment({variable: url})) as tables:
        results = load_source(source, tables, warehouse, "key", "real")
    counts = {
        result.table.name: (
            result.rows_new,
            result.rows_changed + result.rows_deleted,
            result.rows_rejected,
        )
        for result in results
    }
    return {name: count for name, count in counts.items() if any(count)}


@pytest.fixture
def messaging(engagement: str) -> str:
    """An engagement database with the columns of its owners' messaging tables."""
    execute(engagement, MESSAGES)
    return engagement


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_lands_by_any_of_its_names(
    engine: str, messaging: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    load("engagement", messaging, warehouse)
    for table, column, value in (
        ("conversations", "type", "DIRECT"),
        ("messages", "type", "SYSTEM"),
        ("message_reactions", "reaction", "LIKE"),
    ):
        landed = f"select {column} from staging_engagement.{table}"
        assert query(warehouse, landed) == [(value,)]
    assert load("engagement", messaging, warehouse) == {}


def test_of_two_names_of_a_column_it_says_which_is_read(
    messaging: str, new_warehouse: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    execute(messaging, "alter table messages add column type text")
    load("engagement", messaging, new_warehouse("duckdb"))
    assert (
        "ENGAGEMENT_DATABASE_URL: messages: type is read, and message_type, which "
        "means the same, is not"
    ) in caplog.messages


@pytest.mark.parametrize("engine", ENGINES)
def test_a_type_is_converted_and_what_does_not_fit_is_counted(
    engine: str,
    new_database: Callable,
    new_warehouse: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    source, warehouse = new_database(), new_warehouse(engine)
    execute(
        source,
        f"""
        {CHEMLINK}
        alter table query_votes rename type to vote;
        alter table query_votes rename voter_id to person_id;
        alter table query_votes add score text;
        insert into query_votes values
            (1, 'upvote', 7, '2026-01-01', '0.5'), (2, 'down', 8, '2026-01-01', 'x');
        alter table persons add kratos_id text, add chemlink_id jsonb,
            add company_id varchar, add location_id numeric;
        insert into persons
            (id, person_id, has_finder, created_at, kratos_id, company_id, location_id)
        values
            (1, '{ANN}', true, '2026-01-01', upper('{ANN}'), ' 1', 7),
            (2, '{ANN}', true, '2026-01-01', 'a secret', '12', 1.5),
            (3, '{ANN}', true, '2026-01-01', '{ANN.replace("-", "")}', null, null);
        """,
    )
    load("chemlink", source, warehouse)
    assert query(
        warehouse,
        "select cast(kratos_id as varchar), company_id, location_id "
        "from staging_chemlink.persons order by id",
    ) == [(ANN, None, 7), (None, 12, None), (ANN, None, None)]
    assert query(
        warehouse,
        "select type, voter_id, cast(score as varchar) "
        "from staging_chemlink.query_votes order by id",
    ) == [("upvote", 7, "0.500000000"), ("down", 8, None)]
    told = "\n".join(caplog.messages)
    persons = "CHEMLINK_DATABASE_URL: persons: "
    for line in (
        f"{persons}1 values of kratos_id are no uuid, they are NULL",
        f"{persons}1 values of company_id are no bigint, they are NULL",
        f"{persons}1 values of location_id are no bigint, they are NULL",
        f"{persons}the type of chemlink_id is jsonb, expected uuid, it is NULL",
        "CHEMLINK_DATABASE_URL: query_votes: 1 values of score are no numeric, "
        "they are NULL",
    ):
        assert told.count(line) == 1
    assert "secret" not in told
    assert load("chemlink", source, warehouse) == {}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_soft_delete_is_a_time_a_flag_or_an_epoch(
    engine: str, new_database: Callable, new_warehouse: Callable
) -> None:
    source, warehouse = new_database(), new_warehouse(engine)
    execute(source, APP)
    load("neon", source, warehouse)
    rows = query(warehouse, "select offer_id, deleted_at from staging_neon.trades")
    assert {offer: at.isoformat() for offer, at in rows if at} == DELETED
    assert len(rows) == 8
    assert load("neon", source, warehouse) == {}


def test_epochs_and_flags_of_other_systems_are_times_too(
    engagement: str, new_warehouse: Callable
) -> None:
    execute(
        engagement,
        "alter table comments add deleted_at integer, add updated_at bigint;"
        "alter table groups add deleted_at boolean;"
        f"insert into comments values ('{ANN}', '{ANN}', '{ANN}', '2026-01-01', 1, "
        "1767607200000);"
        f"insert into groups values ('{ANN}', '2026-01-01', true);",
    )
    warehouse = new_warehouse("duckdb")
    load("engagement", engagement, warehouse)
    [(updated_at, deleted_at)] = query(
        warehouse, "select updated_at, deleted_at from staging_engagement.comments"
    )
    assert updated_at.isoformat() == "2026-01-05T10:00:00+00:00"
    assert deleted_at.isoformat() == "2026-01-01T00:00:00+00:00"
    assert query(warehouse, "select deleted_at from staging_engagement.groups") == [
        (deleted_at,)
    ]


def test_an_epoch_of_a_fraction_and_the_smallest_integer_land(
    new_database: Callable, new_warehouse: Callable
) -> None:
    source, warehouse = new_database(), new_warehouse("duckdb")
    execute(source, (REPOSITORY / "demo/schemas/app.sql").read_text(encoding="utf-8"))
    execute(
        source,
        "alter table trades alter deleted_at drop default, "
        "alter deleted_at type double precision;"
        "insert into trades (offer_id, created_at, state, deleted_at) "
        "select gen_random_uuid(), '2026-01-01', 'x', deleted_at "
        "from unnest(array[1767225600.5, 0, 'NaN']) as deleted_at;"
        "alter table offers alter cash type bigint;"
        "alter table offers alter offer_status drop not null, "
        "alter offer_type drop not null;"
        "insert into offers (id, creator_user_id, receiver_user_id, is_offer_idea, "
        f"cash, created_at) values ('{ANN}', '{ANN}', '{ANN}', false, "
        "-9223372036854775808, '2026-01-01');",
    )
    load("neon", source, warehouse)
    rows = query(
        warehouse, "select deleted_at from staging_neon.trades order by 1 nulls last"
    )
    assert [at and at.isoformat() for (at,) in rows] == [
        "2026-01-01T00:00:00.500000+00:00",
        None,
        None,
    ]
    cash = "select cast(cash as varchar) from staging_neon.offers"
    assert query(warehouse, cash) == [("-9223372036854775808.000000000",)]


def test_an_undeclared_soft_delete_is_told_at_every_load(
    engagement: str, new_warehouse: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    execute(
        engagement,
        "alter table persons add archived_at timestamptz, add is_removed boolean, "
        "add mood_at timestamptz",
    )
    warehouse = new_warehouse("duckdb")
    for _ in range(2):
        load("engagement", engagement, warehouse)
        told = "\n".join(caplog.messages)
        caplog.clear()
        for name in ("archived_at", "is_removed"):
            assert f"persons: {name} looks like a soft delete" in told
        assert "persons: undeclared columns are dropped: mood, mood_at\n" in told


@pytest.mark.parametrize("engine", ENGINES)
def test_an_optional_table_never_stops_its_source(
    engine: str,
    messaging: str,
    new_warehouse: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    execute(
        messaging,
        "alter table messages drop column conversation_id;"
        "alter table message_reactions alter message_id type jsonb "
        "using to_jsonb(message_id);"
        "create view mentions as select 1 as id;",
    )
    warehouse = new_warehouse(engine)
    landed = load("engagement", messaging, warehouse)
    assert landed["persons"] == (5, 0, 0)
    assert set(landed) == {"persons", "posts", "conversations"}
    told = "\n".join(caplog.messages)
    for table, why in (
        ("messages", "the required column conversation_id is missing"),
        ("message_reactions", "the type of message_id changed to jsonb"),
        ("mentions", "the type of id changed to int4"),
    ):
        assert told.count(f"ENGAGEMENT_DATABASE_URL: {table}: {why}") == 1


def test_all_that_breaks_the_contract_is_told_at_once(
    new_database: Callable, new_warehouse: Callable
) -> None:
    cadence, app = new_database(), new_database()
    execute(cadence, "create table user_notifications (id uuid, layer_id text)")
    execute(app, f"{APP} drop table offers; alter table users drop created_at")
    settings = Settings.from_environment(
        {"NEON_DATABASE_URL": cadence, "NEON_APP_DATABASE_URL": app}
    )
    with (
        pytest.raises(UserError) as raised,
        neon.open_source(settings) as tables,
    ):
        load_source("neon", tables, new_warehouse("duckdb"), "key", "real")
    missing = "the required column {} is missing"
    expected = [
        *(
            f"NEON_DATABASE_URL: user_notifications: {missing.format(name)}"
            for name in ("user_id", "sent_at", "push_title")
        ),
        "NEON_DATABASE_URL: the required table notification_layers is missing",
        f"NEON_APP_DATABASE_URL: users: {missing.format('created_at')}",
        "NEON_APP_DATABASE_URL: the required table offers is missing",
    ]
    lines = str(raised.value).splitlines()
    assert [line.partition(";")[0] for line in lines] == expected
