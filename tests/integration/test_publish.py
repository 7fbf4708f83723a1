"""The demo world, published from both engines."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import Warehouse

PUBLISH = ("python", "-m", "steps.publish")


@pytest.fixture(scope="module")
def published(
    warehouses: dict[str, Warehouse],
    new_database: Callable,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Warehouse]:
    """A copy of the demo world that is published, by engine."""
    copies = {}
    for engine in ENGINES:
        folder = tmp_path_factory.mktemp(f"published_{engine}")
        copies[engine] = warehouses[engine].copy(folder, new_database)
        told = copies[engine].run(*PUBLISH)
        assert "generation 1" in told
    return copies


@pytest.fixture
def as_reader(
    request: pytest.FixtureRequest, published: dict[str, Warehouse], tmp_path: Path
) -> Iterator[Warehouse]:
    """The demo world for somebody who can read what is published and nothing else."""
    warehouse = published[request.param]
    shutil.copytree(warehouse.folder / "target", tmp_path / "target")
    if request.param == "duckdb":
        shutil.copy(warehouse.folder / "marts.duckdb", tmp_path)
        url = f"duckdb:///{tmp_path}/warehouse.duckdb"
        yield replace(warehouse, url=url, folder=tmp_path)
        return
    role = f"reader_{uuid4().hex}"
    warehouse.execute(
        f"create role {role} login",
        f"grant usage on schema marts, training to {role}",
        f"grant select on all tables in schema marts, training to {role}",
    )
    url = warehouse.url.replace("postgres:@", f"{role}:@")
    yield replace(warehouse, url=url, folder=tmp_path)
    warehouse.execute(f"drop owned by {role}", f"drop role {role}")


@pytest.mark.parametrize("as_reader", ENGINES, indirect=True)
def test_what_is_published_is_enough_to_report_and_export(as_reader: Warehouse) -> None:
    printed = as_reader.run("python", "-m", "steps.report")
    assert "Marts: generation " in printed
    page = (as_reader.folder / "reports" / "pushes.html").read_text()
    assert "Marts: generation " in page
    as_reader.run("python", "-m", "steps.export")
    manifests = [
        json.loads(path.read_text())
        for path in as_reader.folder.glob("exports/*/*/_about/manifest.json")
    ]
    assert len(manifests) == 6
    assert {manifest["is_published"] for manifest in manifests} == {True}


def test_both_engines_publish_the_same_tables(published: dict[str, Warehouse]) -> None:
    with duckdb.connect(
        published["duckdb"].folder / "marts.duckdb", read_only=True
    ) as file:
        of_file = file.execute(
            "select row_counts, about.as_of, first_tracked_day, absent_sources "
            "from marts.generations, marts.about"
        ).fetchone()
    [of_schemas] = published["postgres"].rows(
        "select row_counts, about.as_of, first_tracked_day, absent_sources "
        "from marts.generations, marts.about"
    )
    assert of_file == tuple(of_schemas.values())
    counts = json.loads(of_file[0])
    assert counts["marts.dim_users"] > 0
    assert {name.split(".")[0] for name in counts} == {"marts", "training"}


def test_no_id_of_a_source_is_published(published: dict[str, Warehouse]) -> None:
    folder = published["duckdb"].folder
    with duckdb.connect() as connection:
        for name in ("marts", "warehouse"):
            connection.execute(f"attach '{folder}/{name}.duckdb' as {name} (read_only)")
        connection.execute(
            "create table ids as "
            # those of PostHog are keyed hashes, as user keys are
            "select source_id as id from warehouse.core.bridge_user_identities "
            "where source_system <> 'posthog' "
            "union select unnest([ingestion_person_id, current_person_id]) "
            "from warehouse.core.bridge_posthog_persons"
        )
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where database_name = 'marts' and data_type = 'VARCHAR'"
        ).fetchall()
        assert len(columns) > 50
        for schema, table, column in columns:
            # small numbers are ids too, and counts as well
            found = connection.execute(
                f"select count(*) from marts.{schema}.{table} "
                f"where {column} in (select id from ids where length(id) > 10)"
            ).fetchone()
            assert found == (0,), (table, column)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_build_that_is_not_whole_is_not_published(
    engine: str, published: dict[str, Warehouse]
) -> None:
    warehouse = published[engine]
    warehouse.run("dbt", "run", "--quiet", "--select", "dim_companies")
    told = warehouse.run(*PUBLISH, code=1)
    assert "untested: " in told
    warehouse.run("dbt", "build", "--quiet", "--select", "dim_companies+")
    assert "generation 2" in warehouse.run(*PUBLISH)
