from collections.abc import Callable

import pytest

from tests.conftest import ENGINES, execute, query
from tests.loaders.conftest import PERSON
from tests.loaders.test_load import load
from warehouse.connection import connect

pytestmark = pytest.mark.usefixtures("working_directory")


@pytest.mark.parametrize("engine", ENGINES)
def test_texts_land_clean_and_ids_as_they_are(
    engine: str, engagement: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    execute(
        engagement,
        "update persons set company_name = E' A\\u00a0B\\n', external_id = E' id\\n' "
        f"where id = '{PERSON}1'; "
        f"update persons set company_name = E'\\u202e ' where id = '{PERSON}2'",
    )
    load(engagement, warehouse)
    assert query(
        warehouse,
        "select company_name, external_id from staging_engagement.persons "
        f"where cast(id as varchar) in ('{PERSON}1', '{PERSON}2') order by id",
    ) == [("A\u00a0B", " id\n"), (None, 'say "hi",\nBob')]
    assert load(engagement, warehouse) == {}


@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_older_loader_landed_is_read_once_more(
    engine: str, engagement: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    load(engagement, warehouse)
    # as that one left it, in a row that no cursor leads to any more
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute("alter table staging_engagement._loads drop column origin")
        cursor.execute(
            "update staging_engagement.persons set company_name = ' Stray ' "
            f"where cast(id as varchar) = '{PERSON}1'"
        )
        connection.commit()
    assert load(engagement, warehouse) == {"persons": (0, 1, 0)}
    assert query(
        warehouse,
        "select company_name from staging_engagement.persons "
        f"where cast(id as varchar) = '{PERSON}1'",
    ) == [("Aktiengesellschaft Öl",)]
    assert load(engagement, warehouse) == {}
