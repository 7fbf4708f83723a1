"""Three ways to read PostHog, one raw contract: the same events land by each."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from loaders.load import load_source
from loaders.posthog import open_source
from loaders.posthog.api.http import Api
from stand_ins.posthog.lake import write_everything
from tests.conftest import ENGINES, query
from tests.helpers.posthog.project import NOW, YESTERDAY, Project, running_project
from warehouse.settings import Settings

DAY = timedelta(days=1)
MODES = ("query", "export", "lake")
LANDED = (
    "select cast(uuid as text), event, cast(person_id as text), session_id, os, lib, "
    "cast(timestamp at time zone 'UTC' as text), "
    "cast(created_at at time zone 'UTC' as text) "
    "from staging_posthog.events"
)


def add_events(project: Project) -> None:
    """Add what is easily lost, received in the last twenty days."""
    phone = '{"$os": "iOS", "$lib": "posthog-ios", "$session_id": "s 1", "age": 33}'
    project.add(
        300, created_at=[NOW - number % 20 * DAY - DAY for number in range(300)]
    )
    project.add(40, first=300, timestamp=YESTERDAY, created_at=YESTERDAY)
    far = [datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 2005, 2026, 2099)] * 10
    project.add(40, first=340, timestamp=far, created_at=YESTERDAY - 15 * DAY)
    project.add(20, first=0, created_at=YESTERDAY, properties=phone)
    project.add(30, first=380, event="not configured")


def load(project: Project, mode: str, warehouse: str, lake: Path) -> int:
    """Load in one of the modes; return how many events are new."""
    address = project.stand_in.address
    write_everything(project.store, lake, project.clock())
    settings = Settings(
        posthog_host=address.host,
        posthog_project_id=address.project_id,
        posthog_api_key=address.api_key,
        posthog_mode=mode,
        posthog_export_dir=str(lake),
    )
    with open_source(settings) as tables:
        events, *_ = load_source("posthog", tables, warehouse, "key", "real")
    return events.rows_new


@pytest.mark.usefixtures("working_directory")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("mode", MODES)
def test_the_same_events_land_in_every_mode(
    mode: str,
    engine: str,
    new_warehouse: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse, lake = new_warehouse(engine), tmp_path / "lake"
    with running_project(page_cap=50_000) as project:
        patient = partial(Api, sleep=project.clock.sleep)
        monkeypatch.setattr("loaders.posthog.Api", patient)
        add_events(project)
        project.clock.sleep(2 * DAY.total_seconds())
        assert load(project, mode, warehouse, lake) == 400
        assert load(project, mode, warehouse, lake) == 0
        project.add(10, first=500, created_at=NOW + DAY, timestamp=YESTERDAY - 40 * DAY)
        project.clock.sleep(DAY.total_seconds())
        assert load(project, mode, warehouse, lake) == 10
        there = project.store.execute(
            "set timezone = 'UTC'; select cast(uuid as text), event, "
            "cast(person_id as text), "
            "properties->>'$.\"$session_id\"', properties->>'$.\"$os\"', "
            "properties->>'$.\"$lib\"', "
            "strftime(timestamp, '%Y-%m-%d %H:%M:%S'), "
            "strftime(created_at, '%Y-%m-%d %H:%M:%S') "
            "from stored_events where event <> 'not configured'"
        )
    landed = query(warehouse, LANDED)
    landed = [(*row[:6], row[6][:19], row[7][:19]) for row in landed]
    assert sorted(landed, key=repr) == sorted(there, key=repr)
