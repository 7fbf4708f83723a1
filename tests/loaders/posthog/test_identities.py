"""Persons merge, part and go: the mapping follows, the events keep their person."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from loaders.posthog.persons import WholeTable
from loaders.posthog.slices.table_queries import PERSON_DISTINCT_IDS, PERSONS
from stand_ins.posthog import fixtures
from stand_ins.posthog.identities import add_person, delete, point
from tests.helpers.posthog.project import (
    NOW,
    TABLES,
    YESTERDAY,
    Project,
    running_project,
)
from tests.helpers.posthog.warehouse import Warehouse

ANN, NOBODY = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))


@pytest.fixture
def project() -> Iterator[Project]:
    """Ann, and somebody with an event of whom nobody knows that it is Ann."""
    with running_project() as running:
        add_person(running.store, "ann", ANN, YESTERDAY)
        add_person(running.store, "anonymous", NOBODY, YESTERDAY)
        columns = {"distinct_id": "anonymous", "person_id": NOBODY}
        event = fixtures.events(1, NOW - timedelta(hours=1), **columns)
        running.store.add("stored_events", event)
        yield running


def persons(project: Project) -> set[str]:
    [rows] = WholeTable(TABLES["persons"], project.client, PERSONS).read(None, None)
    return set(rows["id"].to_pylist())


def anonymous(project: Project) -> tuple:
    """Return to whom the distinct id belongs now."""
    table = TABLES["person_distinct_ids"]
    [rows] = WholeTable(table, project.client, PERSON_DISTINCT_IDS).read(None, None)
    [row] = [row for row in rows.to_pylist() if row["distinct_id"] == "anonymous"]
    return row["person_id"], row["version"], row["is_deleted"]


def test_the_mapping_follows_a_merge_and_its_end(project: Project) -> None:
    assert anonymous(project) == (NOBODY, 0, False)
    point(project.store, "anonymous", ANN, YESTERDAY)
    assert anonymous(project) == (ANN, 1, False)
    point(project.store, "anonymous", NOBODY, YESTERDAY)
    assert anonymous(project) == (NOBODY, 2, False)
    assert persons(project) == {ANN, NOBODY}


def test_a_person_that_was_deleted_is_marked(project: Project) -> None:
    delete(project.store, "anonymous", NOBODY, YESTERDAY)
    assert anonymous(project) == (NOBODY, 1, True)
    assert persons(project) == {ANN}


def test_an_event_that_is_read_again_keeps_its_person(
    project: Project, warehouse: Warehouse
) -> None:
    warehouse.land(project)
    point(project.store, "anonymous", ANN, YESTERDAY)
    project.clock.sleep(3600)
    warehouse.land(project)
    assert warehouse.slices("loaded_rows", "mode = 'query'") == [(1,), (1,)]
    assert warehouse.modelled("posthog_person_id") == [(NOBODY,)]
