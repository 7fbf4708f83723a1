"""What the ledger of PostHog's slices says, and what there is, must not part."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.contract import read_contract
from loaders.load import create_missing, load_source
from loaders.posthog import estimated, open_source
from stand_ins.posthog import faults
from stand_ins.posthog.lake import Schedule, write_everything
from stand_ins.posthog.script import When
from tests.conftest import ENGINES, query
from tests.helpers.posthog.project import NOW, Project, running_project
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.settings import Settings

STATUSES = "select status, count(*) from staging_posthog.load_slices group by 1"


def settings_of(project: Project, warehouse: str, **given: str) -> Settings:
    address = project.stand_in.address
    return Settings(
        posthog_host=address.host,
        posthog_project_id=address.project_id,
        posthog_api_key=address.api_key,
        warehouse_url=warehouse,
        **given,
    )


def load(settings: Settings) -> int:
    """Load a project; return how many events are new."""
    with open_source(settings) as tables:
        events, *_ = load_source(
            "posthog", tables, settings.warehouse_url, "key", "real"
        )
    return events.rows_new


@pytest.mark.usefixtures("working_directory")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("loss", ["drop table {}", "delete from {}"])
def test_events_that_are_gone_from_the_warehouse_are_loaded_again(
    engine: str, loss: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    with running_project(page_cap=50_000) as project:
        project.add(30)
        settings = settings_of(project, warehouse)
        assert load(settings) == 30
        with connect(warehouse) as connection, connection.cursor() as cursor:
            cursor.execute(loss.format("staging_posthog.events"))
            connection.commit()
        create_missing("posthog", warehouse)  # as a load of another source does
        assert load(settings) == 30
        assert load(settings) == 0


@pytest.mark.usefixtures("working_directory")
def test_an_estimate_counts_what_a_failed_load_left(new_warehouse: Callable) -> None:
    warehouse = new_warehouse("duckdb")
    with running_project(page_cap=50_000) as project:
        project.add(30)
        settings = settings_of(project, warehouse)
        project.stand_in.faults.play(
            faults.fails(403), When(containing="select uuid", times=1)
        )
        with pytest.raises(UserError, match="status 403"):
            load(settings)
        assert estimated(settings).startswith("posthog: 30 events to read")
        assert load(settings) == 30


@pytest.mark.usefixtures("working_directory")
def test_a_file_that_is_damaged_stands_as_failed_until_it_is_mended(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse, lake = new_warehouse("duckdb"), tmp_path / "lake"
    with running_project() as project:
        project.add(30, created_at=NOW.replace(day=1))
        [path] = write_everything(
            project.store, lake, NOW, Schedule(has_manifest=False)
        )
    content = path.read_bytes()
    path.write_bytes(content[:200])
    settings = Settings(
        posthog_mode="lake", posthog_export_dir=str(lake), warehouse_url=warehouse
    )
    with pytest.raises(UserError, match="cannot be read"):
        load(settings)
    assert query(warehouse, STATUSES) == [("failed", 1)]
    path.write_bytes(content)
    assert load(settings) == 30
    assert query(warehouse, STATUSES) == [("verified", 1)]


@pytest.mark.parametrize("names", [None, [], [2026, "$pageview"], [True]])
def test_a_list_of_events_that_is_none_is_told(
    names: list | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(read_contract(), "posthog_events", names)
    with (
        running_project() as project,
        pytest.raises(UserError, match="posthog_events in loaders/contract.yml"),
        open_source(settings_of(project, "duckdb:///unused")),
    ):
        pass
