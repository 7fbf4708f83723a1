"""What `--check` tells of sources, the warehouse and this machine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loaders.check import check
from stand_ins.posthog.lake import write_everything
from tests.conftest import execute
from tests.helpers.posthog.project import Project, running_project
from tests.helpers.push_folders import push_folders
from tests.loaders.test_command import KEY, PASSWORD, UNREACHABLE, errors, run
from warehouse.settings import Settings

__all__ = ["run"]
pytestmark = pytest.mark.usefixtures("working_directory")
LATE = """
create schema late;
create function late.clock_timestamp() returns timestamptz language sql as
$$select pg_catalog.clock_timestamp() - interval '1 hour'$$;
create role latecomer login;
grant usage on schema late to latecomer;
grant select on all tables in schema public to latecomer;
alter role latecomer set search_path = public, late, pg_catalog;
"""


def wrong(**variables: str) -> list[str]:
    """Return what is told to be wrong with settings."""
    settings = Settings.from_environment({"PII_HASH_KEY": KEY, **variables})
    return [str(finding) for finding in check(settings) if not finding.is_well]


def test_what_is_well_is_told_and_nothing_is_written(
    run: Callable, engagement: str, new_database: Callable, working_directory: Path
) -> None:
    completed = run(
        "--check",
        ENGAGEMENT_DATABASE_URL=engagement,
        WAREHOUSE_URL=new_database(),
        PII_HASH_KEY=KEY,
    )
    assert completed.returncode == 0, completed.stdout
    lines = completed.stdout.splitlines()
    assert "ok     ENGAGEMENT_DATABASE_URL: persons: 5 rows" in lines
    assert "ok     WAREHOUSE_URL: it takes real data under this PII_HASH_KEY" in lines
    assert any(
        line.startswith("ok     WAREHOUSE_URL: PostgreSQL ")
        and line.endswith("encoding UTF8, as the role postgres")
        for line in lines
    )
    assert "ok     TELEMETRY: what commands take is not recorded" in completed.stdout
    assert "no table messages, it is optional and stays empty" in completed.stdout
    assert not any(working_directory.iterdir())


def test_each_source_that_is_wrong_has_its_line(run: Callable, engagement: str) -> None:
    execute(engagement, "alter table posts drop column person_id")
    completed = run(
        "--check",
        NEON_DATABASE_URL=UNREACHABLE,
        PUSH_LOGS_DIR="gone",
        ENGAGEMENT_DATABASE_URL=engagement,
        PII_HASH_KEY=KEY,
    )
    assert completed.returncode == 1
    assert errors(completed) == []
    told = [
        line for line in completed.stdout.splitlines() if line.startswith("WRONG  ")
    ]
    opened, folder, *_, column = [line for line in told if "versions" not in line]
    assert opened.startswith("WRONG  NEON_DATABASE_URL: nothing answers at 127.0.0.1:1")
    assert "gone is not a folder that can be read" in folder
    assert "posts: the required column person_id is missing; restore it" in column
    assert PASSWORD not in completed.stdout + completed.stderr


def test_a_clock_that_is_wrong(engagement: str) -> None:
    execute(engagement, LATE)
    late = engagement.replace("postgres:@", "latecomer:@")
    [line] = wrong(ENGAGEMENT_DATABASE_URL=late)
    execute(engagement, "drop owned by latecomer; drop role latecomer")
    assert "its clock and that of this machine are 3,600 seconds apart" in line


def test_rows_that_a_policy_hides(engagement: str) -> None:
    execute(
        engagement,
        "alter table persons enable row level security; create role analyst login; "
        "grant select on all tables in schema public to analyst",
    )
    [line] = wrong(
        ENGAGEMENT_DATABASE_URL=engagement.replace("postgres:@", "analyst:@")
    )
    execute(engagement, "drop owned by analyst; drop role analyst")
    assert "persons cannot be read: row-level security hides rows of it" in line


def test_a_warehouse_in_which_nothing_can_be_made(
    engagement: str, new_database: Callable
) -> None:
    warehouse = new_database()
    execute(warehouse, "create role reader login; create schema staging_neon")
    found = wrong(
        ENGAGEMENT_DATABASE_URL=engagement,
        WAREHOUSE_URL=warehouse.replace("postgres:@", "reader:@"),
    )
    execute(warehouse, "drop role reader")
    [line] = found
    assert "the role may make nothing in production, staging_assistant, " in line
    assert "staging_neon" in line


def test_a_warehouse_of_other_data(
    run: Callable, engagement: str, new_warehouse: Callable
) -> None:
    warehouse = {
        "ENGAGEMENT_DATABASE_URL": engagement,
        "WAREHOUSE_URL": new_warehouse("duckdb"),
    }
    assert run(**warehouse, PII_HASH_KEY=KEY).returncode == 0
    [line] = wrong(**warehouse, PII_HASH_KEY="another key, as long")
    assert "PII_HASH_KEY is not the key this warehouse was loaded with" in line


@pytest.fixture
def project() -> Iterator[Project]:
    """A PostHog of 30 events, none of them of the last day, by a clock of its own."""
    with running_project() as running:
        running.add(30)
        yield running


def posthog(project: Project, **others: str) -> dict[str, str]:
    """Return the variables of a project."""
    address = project.stand_in.address
    return {
        "POSTHOG_HOST": address.host,
        "POSTHOG_PROJECT_ID": str(address.project_id),
        "POSTHOG_API_KEY": address.api_key,
        **others,
    }


def test_a_posthog_of_another_time(project: Project) -> None:
    [line] = wrong(**posthog(project))
    assert line.startswith("WRONG  posthog: its clock and that of this machine are")
    copied = posthog(project, SOURCES_COPIED_AT="2026-10-31T12:00:00+00:00")
    assert wrong(**copied) == []


def test_a_key_that_is_refused(project: Project) -> None:
    [line] = wrong(**posthog(project, POSTHOG_API_KEY="phx_not_the_key"))
    assert "check POSTHOG_API_KEY" in line
    assert "phx_not" not in line


def test_a_lake_and_push_folders(project: Project, tmp_path: Path) -> None:
    folders = push_folders(tmp_path)
    write_everything(project.store, tmp_path / "lake", project.clock())
    settings = Settings.from_environment(
        {
            "PII_HASH_KEY": KEY,
            "POSTHOG_MODE": "lake",
            "POSTHOG_EXPORT_DIR": str(tmp_path / "lake"),
            "PUSH_LOGS_DIR": folders.push_logs_dir,
        }
    )
    told = [str(finding) for finding in check(settings)]
    assert any("POSTHOG_EXPORT_DIR: events: 1 files of" in line for line in told)
    assert any("has 30 rows" in line for line in told)
    assert any("push_jobs: 1 rows, the newest file of" in line for line in told)
    assert not any(line.startswith("WRONG") for line in told)
