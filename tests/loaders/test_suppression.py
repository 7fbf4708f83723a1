"""Nobody who was erased comes back, whatever their sources still have of them."""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from loaders.contract import read_contract, tables_of
from loaders.database import open_databases
from loaders.erasure import landed_tables
from loaders.load import load_source
from loaders.suppression import EMAIL, TABLE, read_suppressed, suppress
from tests.conftest import ENGINES, execute, query
from tests.helpers.posthog.project import NOW, running_project
from tests.helpers.posthog.warehouse import HASH_KEY, Warehouse
from tests.loaders.conftest import PERSON
from warehouse.connection import connect
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("working_directory")
DAY = timedelta(days=1)
ANN, BOB = f"{PERSON}1", f"{PERSON}2"
COMMUNITY = f"""
    insert into comments values
        ('{PERSON}7', '{ANN}', '{BOB}', '2026-03-02'),
        ('{PERSON}8', '{BOB}', '{ANN}', '2026-03-02');
    insert into groups values ('{PERSON}9', '2026-03-02');
    insert into group_members values
        ('{PERSON}7', '{PERSON}9', '{ANN}', '2026-03-02'),
        ('{PERSON}8', '{PERSON}9', '{BOB}', '2026-03-02')
"""


def keyed_hash(value: str) -> str:
    return hmac.new(HASH_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


def load(source: str, warehouse: str) -> dict:
    """Load the engagement database; return what changed in each table that did."""
    settings = Settings.from_environment({"ENGAGEMENT_DATABASE_URL": source})
    with open_databases("engagement", settings) as tables:
        results = load_source("engagement", tables, warehouse, HASH_KEY, "real", True)
    assert not any(result.error or result.rows_rejected for result in results)
    counts = {
        one.table.name: (one.rows_new, one.rows_changed, one.rows_deleted)
        for one in results
    }
    return {name: count for name, count in counts.items() if any(count)}


def authors(warehouse: str) -> dict[str, list]:
    """Return who is in each table, NULL included."""
    columns = {"persons": "id", "posts": "person_id", "comments": "person_id"}
    columns["group_members"] = "person_id"
    return {
        table: [
            one
            for (one,) in query(
                warehouse,
                f"select cast({column} as varchar) from staging_engagement.{table} "
                "order by 1 nulls first",
            )
        ]
        for table, column in columns.items()
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_an_erased_person_does_not_come_back(
    engine: str, engagement: str, new_warehouse: Callable
) -> None:
    execute(engagement, COMMUNITY)
    warehouse = new_warehouse(engine)
    load(engagement, warehouse)
    ids = [("engagement", ANN)]
    with connect(warehouse) as connection, connection.cursor() as cursor:
        suppress(connection, read_suppressed(connection, HASH_KEY), ids)
        erased = [table.erase(cursor, ids) for table in landed_tables(connection)]
        connection.commit()
    assert (sum(one for one, _ in erased), sum(one for _, one in erased)) == (2, 2)
    others = [f"{PERSON}{number}" for number in range(2, 6)]
    wanted = {
        "persons": others,
        "posts": [None, *others],  # Bob's comment hangs on it
        "comments": [None, BOB],
        "group_members": [BOB],
    }
    assert authors(warehouse) == wanted
    assert load(engagement, warehouse) == {}
    assert authors(warehouse) == wanted
    # Ann goes on, and Bob is deleted
    execute(
        engagement,
        "update persons set updated_at = '2026-07-01', company_name = 'New'; "
        f"insert into posts values ('{PERSON}6', '{ANN}', 'link', '', true, "
        "'2026-07-01', null, null); "
        f"delete from group_members where person_id = '{BOB}'",
    )
    assert load(engagement, warehouse) == {
        "persons": (0, 4, 0),
        "posts": (1, 0, 0),
        "group_members": (0, 0, 1),
    }
    wanted["posts"] = [None, *wanted["posts"]]
    assert authors(warehouse) == wanted


def test_who_is_known_by_an_address_alone_never_comes_in(
    engagement: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    ann = keyed_hash("ann@mail.example")
    with connect(warehouse) as connection:
        suppress(connection, read_suppressed(connection, HASH_KEY), [(EMAIL, ann)])
        connection.commit()
    execute(engagement, COMMUNITY)
    for _ in range(2):
        load(engagement, warehouse)
        landed = authors(warehouse)
        assert ANN not in landed["persons"] + landed["group_members"]
        assert landed["comments"] == [None, BOB]
        assert landed["posts"][0] is None
    hashes = {one for (one,) in query(warehouse, f"select person_hash from {TABLE}")}
    assert len(hashes) == 2, "the address and the account"
    assert not hashes & {ann, keyed_hash(ANN)}


def test_blank_events_are_counted_as_posthog_counts_them(
    warehouse: Warehouse,
) -> None:
    with running_project() as project:
        for day in range(3):
            project.add(5, first=10 * day, created_at=NOW - (day + 1) * DAY)
        ids = [("posthog", keyed_hash("user 12"))]
        with warehouse._connected() as connection:
            suppress(connection, read_suppressed(connection, HASH_KEY), ids)
            connection.commit()
        warehouse.land(project)
        erased = "distinct_id_hash = '' and person_id is null and session_id is null"
        assert warehouse.query(
            f"select count(*), count(*) filter (where {erased}) "
            "from staging_posthog.events"
        ) == [(15, 1)]
        assert len(warehouse.modelled("event_id")) == 14
        pages = project.pages_asked()
        project.clock.now = NOW + DAY
        warehouse.land(project)
        # the sweep of the next day finds nothing that it lacks
        assert project.pages_asked() == pages + 1
        assert len(warehouse.rows()) == 15


def test_every_column_of_a_person_says_whose_id_it_holds() -> None:
    names = re.compile(
        r".*(user|person|voter|profile|identity|distinct|kratos)_id|.*_by"
    )
    columns = [
        (table.name, column)
        for source in read_contract()["sources"]
        for table in tables_of(source)
        for column in table.columns
        if column.landed and (names.fullmatch(column.name) or "email" in column.name)
    ]
    assert len(columns) > 30
    assert [(table, one.name) for table, one in columns if not one.person] == []
