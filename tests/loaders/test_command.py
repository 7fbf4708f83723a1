import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.__main__ import LOCK_FILE
from loaders.contract import tables_of
from tests.conftest import ENGINES, execute, query
from tests.helpers.commands import run_module
from warehouse.connection import connect
from warehouse.lock import locked
from warehouse.one_writer import one_writer
from warehouse.settings import SOURCE_VARIABLES, Settings
from warehouse.tables import existing_tables

PASSWORD = "correct-horse-battery"
KEY = "a key for all tests"
UNREACHABLE = f"postgresql://reader:{PASSWORD}@127.0.0.1:1/nowhere"


@pytest.fixture
def run(working_directory: Path) -> Callable:
    """Give a function that runs the command with these environment variables."""

    def run_loaders(
        *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return run_module(
            "loaders",
            *arguments,
            folder=working_directory,
            environment={"PATH": "/usr/bin:/bin", "TELEMETRY": "off", **environment},
        )

    return run_loaders


def errors(completed: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the error lines; there is never a stack trace beside them."""
    assert "Traceback" not in completed.stderr
    return [
        line for line in completed.stderr.splitlines() if line.startswith("error: ")
    ]


def sums(completed: subprocess.CompletedProcess[str]) -> list[int]:
    """Return the rows new, changed, deleted and rejected, over all tables."""
    [line] = [line for line in completed.stdout.splitlines() if " all " in line]
    return [int(word) for word in line.split()[-4:]]


@pytest.mark.parametrize("engine", ENGINES)
def test_one_configured_source_is_enough(
    engine: str, run: Callable, engagement: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    environment = {
        "ENGAGEMENT_DATABASE_URL": engagement,
        "WAREHOUSE_URL": warehouse,
        "PII_HASH_KEY": KEY,
    }
    first = run(**environment)
    assert first.returncode == 0, first.stderr
    assert "neon is not configured, it is skipped" in first.stderr
    assert sums(first) == [10, 0, 0, 0], "five persons and five posts are new"
    brought = r"^ +\d+ s  engagement +\d+ tables, 10 rows new or changed$"
    assert re.search(brought, first.stderr, re.MULTILINE)
    tables = [table for source in SOURCE_VARIABLES for table in tables_of(source)]
    with connect(warehouse) as connection:
        assert existing_tables(connection).issuperset(
            f"{table.schema_name}.{table.name}" for table in tables
        )
    assert sums(run(**environment)) == [0, 0, 0, 0]


def test_one_broken_source_leaves_the_others_loaded(
    run: Callable, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("duckdb")
    completed = run(
        NEON_DATABASE_URL=UNREACHABLE,
        ENGAGEMENT_DATABASE_URL=engagement,
        WAREHOUSE_URL=warehouse,
        PII_HASH_KEY=KEY,
    )
    assert completed.returncode == 1
    [line] = errors(completed)
    assert line.startswith("error: NEON_DATABASE_URL: nothing answers at 127.0.0.1:1")
    assert PASSWORD not in completed.stdout + completed.stderr
    assert query(warehouse, "select count(*) from staging_engagement.persons") == [(5,)]


@pytest.mark.parametrize(("table", "code"), [("comments", 1), ("messages", 0)])
def test_a_broken_table_fails_the_load_if_it_is_required(
    table: str, code: int, run: Callable, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("duckdb")
    execute(
        engagement,
        f"""
        drop table if exists {table};
        create view {table} as
        select id, id as post_id, id as conversation_id, person_id, created_at
        from posts where cast(content as integer) = 1
        """,
    )
    completed = run(
        "--debug",
        ENGAGEMENT_DATABASE_URL=engagement,
        WAREHOUSE_URL=warehouse,
        PII_HASH_KEY=KEY,
    )
    assert completed.returncode == code
    told = f"ENGAGEMENT_DATABASE_URL: {table} cannot be read: the database fails"
    assert told in completed.stderr
    assert len(errors(completed)) == code
    assert sums(completed) == [10, 0, 0, 0], "the other tables are loaded"
    assert "secret words" not in completed.stdout + completed.stderr


def test_no_source_reachable(run: Callable, empty_warehouse: Callable) -> None:
    completed = run(
        NEON_DATABASE_URL=UNREACHABLE,
        CHEMLINK_DATABASE_URL=UNREACHABLE,
        WAREHOUSE_URL=empty_warehouse("duckdb"),
        PII_HASH_KEY=KEY,
    )
    assert completed.returncode == 1
    assert len(errors(completed)) == 2
    assert PASSWORD not in completed.stdout + completed.stderr


def test_an_unknown_source(run: Callable) -> None:
    completed = run("neon", "hubspot")
    assert completed.returncode == 2
    [line] = errors(completed)
    assert line.startswith("error: unknown source hubspot: use any of neon, chemlink")
    assert completed.stderr == f"{line}\n"


def test_a_real_source_needs_a_hash_key(run: Callable, engagement: str) -> None:
    completed = run(ENGAGEMENT_DATABASE_URL=engagement)
    assert completed.returncode == 1
    [line] = errors(completed)
    assert line.startswith("error: PII_HASH_KEY is not set")
    assert not Path("data/warehouse.duckdb").exists()


def test_a_folder_takes_one_load_at_a_time(run: Callable, engagement: str) -> None:
    with locked(LOCK_FILE):
        completed = run(ENGAGEMENT_DATABASE_URL=engagement, PII_HASH_KEY=KEY)
    assert completed.returncode == 1
    [line] = errors(completed)
    assert f"another load is running (it holds {LOCK_FILE})" in line


@pytest.mark.parametrize("engine", ENGINES)
def test_demo_and_real_data_never_mix(
    engine: str, run: Callable, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse(engine)
    environment = {
        "ENGAGEMENT_DATABASE_URL": engagement,
        "WAREHOUSE_URL": warehouse,
        "PII_HASH_KEY": KEY,
    }
    assert run(**environment).returncode == 0
    completed = run(WAREHOUSE_URL=warehouse)
    assert completed.returncode == 1
    [line] = errors(completed)
    assert "holds real data and takes no demo data" in line
    assert not Path("data/demo").exists(), "refused before a demo is made"


def test_another_hash_key_is_refused(
    run: Callable, engagement: str, empty_warehouse: Callable
) -> None:
    environment = {
        "ENGAGEMENT_DATABASE_URL": engagement,
        "WAREHOUSE_URL": empty_warehouse("duckdb"),
    }
    assert run(**environment, PII_HASH_KEY="first-key-of-several").returncode == 0
    completed = run(**environment, PII_HASH_KEY="second-key-of-several")
    assert completed.returncode == 1
    [line] = errors(completed)
    assert "PII_HASH_KEY is not the key this warehouse was loaded with" in line


def test_an_empty_source_lands_empty_tables(
    run: Callable, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("duckdb")
    execute(engagement, "truncate persons, posts")
    completed = run(
        ENGAGEMENT_DATABASE_URL=engagement,
        WAREHOUSE_URL=warehouse,
        PII_HASH_KEY=KEY,
    )
    assert completed.returncode == 0, completed.stderr
    assert query(warehouse, "select count(*) from staging_engagement.persons") == [(0,)]


def test_a_warehouse_of_an_unknown_kind(run: Callable, engagement: str) -> None:
    completed = run(
        ENGAGEMENT_DATABASE_URL=engagement,
        PII_HASH_KEY=KEY,
        WAREHOUSE_URL="mysql://somewhere",
    )
    assert completed.returncode == 1
    [line] = errors(completed)
    assert "WAREHOUSE_URL names no warehouse" in line


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("WAREHOUSE_URL", f"postgresql://reader:{PASSWORD}/x@127.0.0.1:1/nowhere"),
        ("NEON_DATABASE_URL", f"postgresql://reader:{PASSWORD}@x@127.0.0.1:1/nowhere"),
        ("WAREHOUSE_URL", f"postgresql://reader:%zz{PASSWORD}@127.0.0.1:1/nowhere"),
        ("NEON_DATABASE_URL", f"host=127.0.0.1 password={PASSWORD}"),
    ],
)
def test_no_part_of_a_password_is_told(
    variable: str, url: str, run: Callable, empty_warehouse: Callable
) -> None:
    others = {
        "NEON_DATABASE_URL": UNREACHABLE,
        "PII_HASH_KEY": KEY,
        "WAREHOUSE_URL": empty_warehouse("duckdb"),
    }
    completed = run(**others | {variable: url})
    assert completed.returncode == 1
    assert len(errors(completed)) == 1
    assert PASSWORD[:7] not in completed.stdout + completed.stderr


def test_a_password_with_special_characters_opens_the_warehouse(
    run: Callable, engagement: str, empty_warehouse: Callable
) -> None:
    warehouse = empty_warehouse("postgres")
    login = "odd'one"
    execute(
        warehouse,
        f"""create role "{login}" superuser login password 'p +w@d/'""",
    )
    completed = run(
        ENGAGEMENT_DATABASE_URL=engagement,
        PII_HASH_KEY=KEY,
        WAREHOUSE_URL=warehouse.replace("postgres:@", f"{login}:p%20%2Bw%40d%2F@")
        + "&sslmode=prefer&connect_timeout=9",
    )
    execute(warehouse, f"""alter role "{login}" nologin""")
    assert completed.returncode == 0, completed.stderr
    assert query(warehouse, "select count(*) from staging_engagement.persons") == [(5,)]


def test_the_profile_is_for_its_owner_alone(run: Callable, engagement: str) -> None:
    profile = Path("profiles.yml")
    profile.write_text("mine")
    profile.chmod(0o644)
    url = "duckdb:///elsewhere/of_today.duckdb"
    run(ENGAGEMENT_DATABASE_URL=engagement, PII_HASH_KEY=KEY, WAREHOUSE_URL=url)
    assert profile.stat().st_mode & 0o777 == 0o600
    assert "of_today" not in profile.read_text(), "only what .env says is stored"
    for path in (*Path("elsewhere").iterdir(), *Path("data").rglob("*.parquet")):
        assert path.suffix == ".lock" or not path.stat().st_mode & 0o077, path


def test_a_broken_env_file_loads_nothing(run: Callable) -> None:
    Path(".env").write_text('NEON_DATABASE_URL="postgresql://reader@host/push\n')
    completed = run()
    assert completed.returncode == 1
    [line] = errors(completed)
    assert ".env: line 1 is not NAME=value" in line
    assert not Path("data").exists(), "the demo is not what was meant"


def test_a_named_source_must_be_configured(run: Callable, engagement: str) -> None:
    completed = run("posthog", ENGAGEMENT_DATABASE_URL=engagement, PII_HASH_KEY=KEY)
    assert completed.returncode == 1
    [line] = errors(completed)
    assert line.startswith("error: posthog is not configured: set POSTHOG_HOST")


def test_two_folders_cannot_load_into_one_warehouse_at_once(
    run: Callable, engagement: str, new_database: Callable
) -> None:
    warehouse = new_database()
    with one_writer(warehouse, "load"):
        completed = run(
            ENGAGEMENT_DATABASE_URL=engagement,
            PII_HASH_KEY=KEY,
            WAREHOUSE_URL=warehouse,
        )
    assert completed.returncode == 1
    [line] = errors(completed)
    assert "the warehouse is in use: load on" in line


def test_settings_never_show_their_values() -> None:
    shown = repr(
        Settings.from_environment(
            {"NEON_DATABASE_URL": UNREACHABLE, "PII_HASH_KEY": "secret"}
        )
    )
    assert "NEON_DATABASE_URL" in shown
    assert PASSWORD not in shown
    assert "secret" not in shown
