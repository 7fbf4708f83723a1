from collections.abc import Callable

from tests.integration.conftest import NO_TESTS, Warehouse, differences
from tests.integration.moments import NO_QUALITY


def test_every_mart_is_the_same_on_both_engines(
    warehouses: dict[str, Warehouse],
) -> None:
    duckdb, postgres = (warehouse.contents() for warehouse in warehouses.values())
    assert len(duckdb) > 100
    assert differences(duckdb, postgres) == {}


def test_loading_and_building_again_changes_nothing(
    copy: Callable,
) -> None:
    duckdb = copy("duckdb")
    before = duckdb.contents()
    printed = duckdb.run("python", "-m", "loaders")
    [sums] = [line for line in printed.splitlines() if line.startswith(" all ")]
    *changes, rejected = sums.split()[-4:]
    assert changes == ["0"] * 3, "new, changed, deleted"
    assert int(rejected) > 0, "rows with one key are there, and one of each has landed"
    duckdb.run("python", "-m", "steps.lift")
    # the test of a past moment builds the others again, after more was loaded
    duckdb.run("dbt", "build", "--quiet", *NO_TESTS, "--select", *NO_QUALITY)
    assert differences(duckdb.contents(), before) == {}
