"""The product marts against a computation that shares nothing with them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.world.scale import END_AT
from tests.integration.conftest import Warehouse
from tests.integration.moments import NO_PUSH, as_of, same
from tests.integration.product_brute_force import MARTS, expected
from tests.integration.product_brute_force.sources import Sources, read_sources

TESTERS = [f"tester-{number}@qa-team.example" for number in range(1, 9)]
# No other staging view depends on the moment.
DATED = (
    "path:models/core",
    "path:models/intermediate",
    "path:models/aggregates",
    "stg_posthog__events",
)
NOW = "end of the demo"
MIDDLE = "middle of a month, when PostHog lags by 14 days"
MONTH_END = "end of a month"
STOPPED = datetime(2026, 9, 3, 9, tzinfo=UTC)
MOMENTS = {
    MIDDLE: datetime(2026, 9, 17, 13, 37, tzinfo=UTC),
    MONTH_END: datetime(2026, 10, 1, tzinfo=UTC),
}
# both engines are compared at the end of the demo
BUILT = (
    *(("duckdb", NOW), ("postgres", NOW)),
    *(("postgres", MIDDLE), ("duckdb", MONTH_END)),
)


@pytest.fixture(scope="module")
def everything(sources: dict[str, str], world: Path) -> Sources:
    """All rows of the sources; the hashes of the seed are of another key."""
    return read_sources(sources, world / "posthog", "a key for all tests")


@pytest.fixture(scope="module")
def with_testers(everything: Sources) -> Sources:
    """The same, and who is a tester."""
    return replace(everything, testers=frozenset(TESTERS))


@pytest.fixture(scope="module")
def rebuilt(
    warehouses: dict[str, Warehouse],
    everything: Sources,
    new_database: Callable,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[tuple[str, str], Warehouse]:
    """The warehouses, and copies as of each moment whose seed knows the testers."""
    hashes = ", ".join(f"('{everything.hashed(one)}')" for one in TESTERS)

    def rebuild(built: tuple[str, str]) -> Warehouse:
        engine, moment = built
        if moment == NOW:
            return warehouses[engine]
        folder = tmp_path_factory.mktemp("rebuilt")
        copy = warehouses[engine].copy(folder, new_database)
        copy.execute(f"insert into seeds.test_accounts (account_hash) values {hashes}")
        if moment == MIDDLE:
            copy.execute(
                "update staging_posthog.load_slices "
                f"set status = 'planned', loaded_from = '{STOPPED}' "
                "where slice_id = "
                "(select max(slice_id) from staging_posthog.load_slices)"
            )
        copy.run(
            *("dbt", "run", "--quiet", *as_of(MOMENTS[moment]), "--select", *DATED),
            *("--exclude", *NO_PUSH, "path:models/intermediate/training"),
        )
        return copy

    with ThreadPoolExecutor() as executor:
        return dict(zip(BUILT, executor.map(rebuild, BUILT), strict=True))


@pytest.mark.parametrize(("engine", "moment"), BUILT)
def test_product_marts_equal_a_brute_force_computation(
    engine: str,
    moment: str,
    rebuilt: dict[tuple[str, str], Warehouse],
    everything: Sources,
    with_testers: Sources,
) -> None:
    at = MOMENTS.get(moment, END_AT)
    known = everything if moment == NOW else with_testers
    if moment == MIDDLE:
        known = replace(known, posthog_until=STOPPED)
    for mart, table in rebuilt[engine, moment].tables(MARTS):
        _, key = MARTS[mart]
        rows = {tuple(row[column] for column in key): row for row in table.to_pylist()}
        wanted = expected(known, at, mart)
        assert rows, f"{mart}: the world has something to count"
        assert rows.keys() == wanted.keys(), mart
        for cell, row in rows.items():
            assert row.keys() == wanted[cell].keys(), mart
            wrong = [
                (column, value, wanted[cell][column])
                for column, value in row.items()
                if not same(value, wanted[cell][column])
            ]
            assert not wrong, (mart, cell, wrong)
