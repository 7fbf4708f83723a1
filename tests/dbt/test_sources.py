import re

import pytest

from loaders.contract import Table, read_contract, tables_of
from steps.insights.tables import TABLES
from steps.lift.compute import RESULTS
from steps.night.journal import COLUMNS
from tests.conftest import REPOSITORY
from tests.dbt.project import declared_sources, models

STAGED = {source: model for model in models() for source in model.sources}
LANDED = [table for source in read_contract()["sources"] for table in tables_of(source)]


def test_sources_are_the_tables_of_the_contract_and_the_steps() -> None:
    landed = {(table.source, table.name) for table in LANDED}
    of_steps = {("lift", name) for name in RESULTS}
    of_steps |= {("insights", name) for name in TABLES}
    of_steps |= {("production", name) for name in ("node_runs", "night_stages")}
    ledgers = {(source, "_loads") for source in read_contract()["sources"]}
    assert declared_sources() == landed | ledgers | of_steps


@pytest.mark.parametrize("table", LANDED, ids=lambda table: table.name)
def test_every_landed_column_reaches_staging(table: Table) -> None:
    words = set(re.findall(r"\w+", STAGED[table.source, table.name].sql))
    for macro in (REPOSITORY / "macros").glob("*.sql"):
        if macro.stem in words:
            words.update(re.findall(r"\w+", macro.read_text(encoding="utf-8")))
    assert set(table.landed) - words == set()


def test_dbt_makes_the_journal_of_the_nights_as_the_night_does() -> None:
    stages = STAGED["production", "night_stages"].properties["columns"]
    assert {column["name"]: column["data_type"] for column in stages} == COLUMNS
    assert [column["name"] for column in stages] == list(COLUMNS), "rows go by position"
