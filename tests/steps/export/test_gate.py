"""Nothing leaves while the quality gate fails, unless it is allowed by name."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from steps.export.gate import check_gate
from steps.manifest import read_manifest
from steps.marts import open_marts
from tests.conftest import ENGINES, change
from tests.steps.export.ai_warehouse import (
    PEOPLE,
    VERSION,
    ai_table,
    contents,
    export,
    people,
    write_ai_warehouse,
    write_manifest,
)
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.states import record

FAILS = "update aggregates.agg_data_quality set is_passed = false where check_name = "
PEOPLE_FOLDER = Path(f"exports/ai_people/version={VERSION}")


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, new_warehouse: Callable, tmp_path: Path) -> str:
    """A warehouse of people, and what dbt knows about it."""
    url = new_warehouse(request.param)
    write_ai_warehouse(url, {"ai_people": ai_table(PEOPLE, people())})
    write_manifest(tmp_path, {"ai_people": PEOPLE})
    return url


def test_a_failing_check_lets_nothing_leave(url: str, tmp_path: Path) -> None:
    change(url, f"{FAILS}'orphans'")
    code, _, errors = export(url, tmp_path)
    assert code == 1
    assert errors == (
        "error: the quality gate fails: orphans. `dbt test` says what to do; "
        "--allow NAME lets one pass, and the manifest will say so\n"
    )
    assert contents(tmp_path / "exports") == {}


def test_an_allowed_check_passes_and_is_told(url: str, tmp_path: Path) -> None:
    change(url, f"{FAILS}'orphans'")
    change(url, f"{FAILS}'future_dates'")
    code, _, errors = export(url, tmp_path, "--allow", "orphans")
    assert code == 1
    assert "the quality gate fails: future_dates." in errors
    allowed = ("--allow", "orphans", "--allow", "future_dates")
    assert export(url, tmp_path, *allowed)[0] == 0
    manifest = json.loads(
        (tmp_path / PEOPLE_FOLDER / "_about/manifest.json").read_text()
    )
    assert manifest["allowed_failures"] == ["future_dates", "orphans"]
    card = (tmp_path / PEOPLE_FOLDER / "_about/README.md").read_text()
    assert "were allowed\n  to: future_dates, orphans." in card


def test_only_what_fails_is_told_to_be_allowed(url: str, tmp_path: Path) -> None:
    assert export(url, tmp_path, "--allow", "orphans")[0] == 0
    manifest = json.loads(
        (tmp_path / PEOPLE_FOLDER / "_about/manifest.json").read_text()
    )
    assert manifest["allowed_failures"] == []
    assert (manifest["is_published"], manifest["generation"]) == (False, None)


def test_a_name_that_is_no_check_is_refused(url: str, tmp_path: Path) -> None:
    code, _, errors = export(url, tmp_path, "--allow", "orphan")
    assert code == 1
    assert errors == (
        "error: --allow orphan: no check has that name; `dbt test` names those that "
        "fail\n"
    )


@pytest.mark.parametrize("url", ["duckdb"], indirect=True)
def test_a_test_that_failed_when_it_last_ran_counts(url: str, tmp_path: Path) -> None:
    tests = {
        f"test.growth.{test}.ai_people.{column}": "fail"
        for test, column in (("not_null", "user_key"), ("accepted_values", "platform"))
    }
    *_, valid = tests
    with connect(url) as connection:
        record(connection, tests | {valid: "warn"})
        connection.commit()
    code, _, errors = export(url, tmp_path)
    assert code == 1
    assert "the quality gate fails: not_null_ai_people_user_key." in errors
    assert export(url, tmp_path, "--allow", "not_null_ai_people_user_key")[0] == 0


@pytest.mark.parametrize("url", ["duckdb"], indirect=True)
def test_what_the_publish_let_pass_is_to_be_named_again(
    url: str, tmp_path: Path
) -> None:
    """But for a source that did not load: what is known of it is as it was."""
    project = read_manifest(tmp_path / "target")
    failed = "not_null_ai_people_user_key"
    with open_marts(url, is_unpublished=True) as marts:
        published = replace(marts, generation=7, exceptions=("posthog", failed))
        with pytest.raises(UserError, match=f"the quality gate fails: {failed}[.]"):
            check_gate(published, project, [])
        assert check_gate(published, project, [failed]) == (failed,)


@pytest.mark.parametrize("url", ["duckdb"], indirect=True)
def test_a_dataset_whose_labels_nobody_knows_says_what_is_not_loaded(
    url: str, tmp_path: Path
) -> None:
    write_ai_warehouse(
        f"duckdb:///{tmp_path}/visitors.duckdb", {"ai_visitors": ai_table(PEOPLE, [])}
    )
    write_manifest(tmp_path, {"ai_visitors": PEOPLE})
    code, printed, _ = export(f"duckdb:///{tmp_path}/visitors.duckdb", tmp_path)
    assert code == 0
    assert (
        "ai_visitors has no rows and is left out: its labels read posthog, of which "
        "nothing is loaded"
    ) in printed
