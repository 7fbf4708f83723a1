"""A warehouse of an older version: what a load brings up to date, and who says so."""

from collections.abc import Callable

import pytest

from tests.conftest import ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_dbt_waits_for_a_load_of_its_version(engine: str, copy: Callable) -> None:
    warehouse = copy(engine)
    warehouse.execute(
        "drop table production.versions",
        "alter table staging_chemlink._loads drop column rows_live cascade",
    )
    run = ("dbt", "run", "--quiet", "--select", "stg_loader__loads+1")
    told = warehouse.run(*run, code=2)
    assert "was loaded by a version before" in told
    assert "run `make load build`" in told
    assert "Traceback" not in told
    warehouse.run("python", "-m", "loaders", "chemlink")
    warehouse.run(*run)
