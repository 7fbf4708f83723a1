"""What a load overwrites, the history keeps."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ENGINES, REPOSITORY, execute, query
from tests.helpers.chemlink import SCHEMA, load
from tests.helpers.dbt import run_dbt

pytestmark = pytest.mark.usefixtures("working_directory")
PERSONS = """
insert into persons
select
    number, gen_random_uuid(), false, 'Chemist',
    '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'
from generate_series(1, 2) as number;
"""
VERSIONS = """
select person_id, has_finder, headline_length, dbt_valid_from, dbt_valid_to
from history.chemlink_persons_history order by person_id, dbt_valid_from
"""


def load_and_build(source_url: str, warehouse_url: str, folder: Path) -> None:
    load(source_url, warehouse_url)
    completed = run_dbt(
        *("build", "--quiet", "--select", "+chemlink_persons_history"),
        *("--indirect-selection", "cautious"),
        folder=folder,
        environment=os.environ | {"WAREHOUSE_URL": warehouse_url},
    )
    assert completed.returncode == 0, completed.stdout[-5000:]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_an_update_between_two_loads_makes_a_second_version(
    engine: str, new_database: Callable, new_warehouse: Callable, tmp_path: Path
) -> None:
    source, warehouse = new_database(), new_warehouse(engine)
    execute(source, SCHEMA + PERSONS)
    (tmp_path / "profiles.yml").symlink_to(REPOSITORY / "profiles.example.yml")
    load_and_build(source, warehouse, tmp_path)
    first = query(warehouse, VERSIONS)
    assert [row[:3] for row in first] == [(1, False, 7), (2, False, 7)]

    execute(
        source,
        "update persons set has_finder = true, headline_description = null, "
        "updated_at = '2026-02-01 00:00:00+00' where id = 1",
    )
    load_and_build(source, warehouse, tmp_path)
    old, new, other = query(warehouse, VERSIONS)
    assert old[:3] == (1, False, 7)
    assert new[:3] == (1, True, None)
    assert other == first[1], "what has not changed has no second version"
    assert new[3].isoformat() == "2026-02-01T00:00:00+00:00", "no clock is read"
    assert old[3:] == (first[0][3], new[3])
