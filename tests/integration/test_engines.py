import math
from collections.abc import Callable
from pathlib import Path

from tests.integration.conftest import NO_TESTS, Warehouse


def sorted_rows(warehouse: Warehouse, mart: str) -> list[tuple]:
    """Return all rows of a mart in an order that no engine chooses."""
    rows = [tuple(row.values()) for row in warehouse.rows(f"select * from {mart}")]
    return sorted(rows, key=lambda row: [str(value) for value in row])


def same(one: object, other: object) -> bool:
    """Compare values; doubles that SQL computed may differ in the last bits."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12) or (
            math.isnan(one) and math.isnan(other)
        )
    return one == other


def test_every_mart_is_the_same_on_both_engines(
    warehouses: dict[str, Warehouse],
) -> None:
    duckdb, postgres = warehouses["duckdb"], warehouses["postgres"]
    assert duckdb.marts() == postgres.marts()
    for mart in duckdb.marts():
        one, other = sorted_rows(duckdb, mart), sorted_rows(postgres, mart)
        assert len(one) == len(other), mart
        for row, other_row in zip(one, other, strict=True):
            assert all(map(same, row, other_row)), (mart, row, other_row)


def test_loading_and_building_again_changes_nothing(
    warehouses: dict[str, Warehouse], new_database: Callable, tmp_path: Path
) -> None:
    duckdb = warehouses["duckdb"].copy(tmp_path, new_database)
    before = {mart: sorted_rows(duckdb, mart) for mart in duckdb.marts()}
    printed = duckdb.run("python", "-m", "loaders")
    [sums] = [line for line in printed.splitlines() if line.startswith(" all ")]
    *changes, rejected = sums.split()[-4:]
    assert changes == ["0"] * 3, "new, changed, deleted"
    assert int(rejected) > 0, "rows with one key are there, and one of each has landed"
    duckdb.build(*NO_TESTS)
    for mart, rows in before.items():
        assert sorted_rows(duckdb, mart) == rows, mart
