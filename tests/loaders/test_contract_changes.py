"""A changed contract changes what has landed, and reads no more again than it must."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

import loaders.contract
from loaders.database import open_databases
from loaders.load import load_source
from tests.conftest import ENGINES, execute, query
from warehouse.connection import connect
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("working_directory")
ANN = "00000000-0000-4000-8000-000000000001"
REACTIONS = f"""
create table message_reactions (message_id uuid, person_id uuid, reaction text);
insert into message_reactions
values ('{ANN}', '{ANN}', 'like'), ('{ANN}', '{ANN}', 'love');
"""
VIEW = "create or replace view mart as select * from staging_engagement.persons"
TEXT = {"type": "text", "pii": "keep"}
MOOD = {"type": "bigint", "pii": "keep"}
PERSONS = "from staging_engagement.persons"
# What is declared otherwise, how many rows change, and queries with their answers.
CHANGES = {
    "what can be kept is kept": (
        {
            "persons": {
                "external_id": {"pii": "drop"},
                "company_name": None,
                "company": {**TEXT, "aliases": ["company_name"]},
                "mood": TEXT,
            }
        },
        {},
        {
            f"select count(company) {PERSONS}": 5,
            f"select count(*) {PERSONS} where mood = '7'": 5,
        },
    ),
    "what cannot is read again": (
        {
            "persons": {
                "company_name": {**TEXT, "pii": "hash"},
                "mood": {"type": "deletion", "pii": "keep"},
            },
            "message_reactions": {"key": ["message_id", "person_id"]},
        },
        {"persons": 5},
        {
            f"select count(company_name_hash) {PERSONS}": 5,
            f"select count(*) {PERSONS} where mood = created_at": 5,
            "select max(reaction) from staging_engagement.message_reactions": "love",
            "select count(*) from staging_engagement.message_reactions": 1,
        },
    ),
}


def declared(tables: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the contract with other keys and columns of some tables."""
    contract = deepcopy(loaders.contract.read_contract())
    source = contract["sources"]["engagement"]["engagement"]
    source["persons"]["columns"]["mood"] = MOOD
    for name, changes in tables.items():
        for changed, declaration in changes.items():
            if changed == "key":
                source[name]["key"] = declaration
            elif declaration:
                source[name]["columns"][changed] = declaration
            else:
                del source[name]["columns"][changed]
    return contract


class Place:
    """A source and a warehouse, which it is loaded into by one contract or another."""

    def __init__(
        self, source: str, warehouse: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Load by the contract as it is."""
        self.source, self.warehouse, self.monkeypatch = source, warehouse, monkeypatch
        self.before = declared({})
        self.load(self.before)

    def load(self, contract: dict[str, Any]) -> dict[str, int]:
        """Load by a contract; return how many rows of each table had changed."""
        self.monkeypatch.setattr(loaders.contract, "read_contract", lambda: contract)
        settings = Settings.from_environment({"ENGAGEMENT_DATABASE_URL": self.source})
        with open_databases("engagement", settings) as tables:
            results = load_source("engagement", tables, self.warehouse, "key", "real")
        with connect(self.warehouse) as connection, connection.cursor() as cursor:
            cursor.execute(VIEW)  # as dbt would
            connection.commit()
        return {
            result.table.name: result.rows_new + result.rows_changed
            for result in results
            if result.rows_new + result.rows_changed
        }

    def landed(self) -> dict[str, Any]:
        """Return the columns and the rows of the tables that change."""
        found: dict[str, Any] = {}
        for table in ("persons", "message_reactions"):
            columns = query(
                self.warehouse,
                "select column_name, data_type, is_nullable "
                "from information_schema.columns "
                "where table_schema = 'staging_engagement' "
                f"and table_name = '{table}' order by 1",
            )
            names = ", ".join(f'cast("{name}" as varchar)' for name, *_ in columns)
            rows = f"select {names} from staging_engagement.{table}"
            found[table] = (columns, sorted(query(self.warehouse, rows), key=str))
        return found


@pytest.fixture(params=ENGINES)
def place(
    request: pytest.FixtureRequest,
    engagement: str,
    new_warehouse: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> Place:
    """An engagement database that has landed."""
    execute(engagement, REACTIONS)
    return Place(engagement, new_warehouse(request.param), monkeypatch)


@pytest.mark.parametrize("change", CHANGES)
def test_a_contract_can_be_changed_and_changed_back(change: str, place: Place) -> None:
    before = place.landed()
    tables, read_again, answers = CHANGES[change]
    contract = declared(tables)
    assert place.load(contract) == read_again
    for sql, answer in answers.items():
        assert query(place.warehouse, sql) == [(answer,)]
    declared_now = loaders.contract.tables_of("engagement")
    [persons] = [table for table in declared_now if table.name == "persons"]
    columns, _ = place.landed()["persons"]
    assert {name for name, *_ in columns} == set(persons.landed)
    assert place.load(contract) == {}

    place.load(place.before)
    assert place.landed() == before
    assert place.load(place.before) == {}


@pytest.mark.parametrize("killed_at", ["create_tables", "land"])
def test_a_change_killed_half_way_and_repeated_is_a_change(
    killed_at: str, place: Place
) -> None:
    tables, _, answers = CHANGES["what cannot is read again"]
    contract = declared(tables)
    with place.monkeypatch.context() as killing:
        killing.setattr(f"loaders.load.{killed_at}", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            place.load(contract)
    place.load(contract)
    for sql, answer in answers.items():
        assert query(place.warehouse, sql) == [(answer,)]
    assert place.load(contract) == {}
