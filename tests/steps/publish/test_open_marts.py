"""What steps read: one generation of this warehouse, unless they are told otherwise."""

import pytest

from steps.marts import Marts, open_marts
from tests.steps.publish.publish_warehouse import PublishWarehouse
from warehouse.connection import is_duckdb
from warehouse.errors import UserError
from warehouse.tables import read

ADD = "insert into core.dim_users values ('{}', 'new')"


def users(marts: Marts) -> int:
    """Count the users that the marts know."""
    return read(marts.connection, "select * from dim_users").num_rows


def test_before_anything_is_published_one_line_says_what_to_run(
    warehouse: PublishWarehouse,
) -> None:
    with (
        pytest.raises(UserError, match="nothing is published .*run `make publish`"),
        open_marts(warehouse.url, is_unpublished=False),
    ):
        pass


def test_what_is_not_published_is_read_only_if_asked_for(
    warehouse: PublishWarehouse,
) -> None:
    warehouse.publish()
    warehouse.execute(ADD.format("eve"))
    with open_marts(warehouse.url, is_unpublished=False) as marts:
        assert marts.description == "generation 1, as of 2026-01-31 12:00 UTC"
        assert users(marts) == 2
        assert marts.origins == {("real", "k1")}
        datasets = read(marts.connection, "select * from ai_churn")
        assert datasets.num_rows == 1
    with open_marts(warehouse.url, is_unpublished=True) as marts:
        assert marts.description == "not published, as of 2026-01-31 12:00 UTC"
        assert users(marts) == 3


def test_a_step_ends_with_the_generation_it_began_with(
    warehouse: PublishWarehouse,
) -> None:
    warehouse.publish()
    with open_marts(warehouse.url, is_unpublished=False) as marts:
        warehouse.execute(ADD.format("eve"))
        assert "generation 2" in warehouse.publish().stdout, "it waits for no reader"
        assert users(marts) == 2
        warehouse.execute(ADD.format("zoe"))
        assert "generation 3" in warehouse.publish().stdout
        assert users(marts) == 2


def test_a_file_of_another_warehouse_beside_it_is_not_read(
    warehouse: PublishWarehouse,
) -> None:
    if not is_duckdb(warehouse.url):
        pytest.skip("in Postgres each database has schemas of its own")
    warehouse.publish()
    other = warehouse.url.replace("warehouse.duckdb", "another.duckdb")
    with (
        pytest.raises(UserError, match="was published from warehouse.duckdb"),
        open_marts(other, is_unpublished=False),
    ):
        pass
