"""The product marts against a computation that shares nothing with them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from loaders.warehouse import connect
from tests.conftest import ENGINES
from tests.warehouse.conftest import Warehouse
from tests.warehouse.moments import PRODUCT_MARTS, copy_of, same, variables
from tests.warehouse.product_brute_force import MARTS, expected
from tests.warehouse.product_brute_force.now import newest_moment
from tests.warehouse.product_brute_force.sources import Sources, read_sources

TESTERS = [f"tester-{number}@qa-team.example" for number in range(1, 9)]
MOMENTS = {
    "newest event": None,
    "middle of a month": datetime(2026, 9, 17, 13, 37, tzinfo=UTC),
    "end of a month": datetime(2026, 10, 1, tzinfo=UTC),
}


@pytest.fixture(scope="module")
def all_rows(sources: dict[str, str], world: Path) -> Sources:
    """Everything the sources hold, and who is a test account."""
    return read_sources(sources, world / "posthog", "a key for tests", TESTERS)


@pytest.fixture(scope="module")
def rebuilt(
    warehouses: dict[str, Warehouse],
    all_rows: Sources,
    new_database: Callable,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[tuple[str, str], Warehouse]:
    """The warehouses as of each moment; their seed names the testers by this key."""
    testers = ", ".join(f"('{all_rows.hashed(one)}')" for one in TESTERS)

    def rebuild(engine: str) -> dict[tuple[str, str], Warehouse]:
        built = {}
        for name, moment in MOMENTS.items():
            folder = tmp_path_factory.mktemp("rebuilt")
            copy = copy_of(warehouses[engine], folder, new_database)
            with closing(connect(copy.url)) as connection:
                connection.cursor().execute(
                    f"insert into seeds.test_accounts (account_hash) values {testers}"
                )
                connection.commit()
            copy.run(
                "dbt", "run", "--quiet", *sum(PRODUCT_MARTS, ()), *variables(moment)
            )
            built[engine, name] = copy
        return built

    with ThreadPoolExecutor() as executor:
        one, other = executor.map(rebuild, ENGINES)
        return one | other


@pytest.mark.parametrize(("engine", "moment"), product(ENGINES, MOMENTS))
def test_product_marts_equal_a_brute_force_computation(
    engine: str,
    moment: str,
    rebuilt: dict[tuple[str, str], Warehouse],
    all_rows: Sources,
) -> None:
    as_of = MOMENTS[moment] or newest_moment(all_rows)
    for mart, (_, key) in MARTS.items():
        rows = {
            tuple(row[column] for column in key): row
            for row in rebuilt[engine, moment].rows(f"select * from {mart}")
        }
        wanted = expected(all_rows, as_of, mart)
        assert rows.keys() == wanted.keys(), mart
        for cell, row in rows.items():
            assert row.keys() == wanted[cell].keys(), mart
            wrong = [
                (column, value, wanted[cell][column])
                for column, value in row.items()
                if not same(value, wanted[cell][column])
            ]
            assert not wrong, (mart, cell, wrong)
        assert rows, f"{mart}: the world has something to count"
