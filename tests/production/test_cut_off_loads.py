"""A load that ends in the middle: what it leaves behind, and what the next one does."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest

from tests.conftest import execute, query
from tests.helpers.commands import run_module
from tests.loaders.conftest import SCHEMA
from warehouse.one_writer import LOCK

SECONDS_TO_LAND = 120
STAGED = "select count(*) from staging_engagement_staging.posts"
POSTS = """
insert into posts
select gen_random_uuid(), id, 'text', 'more words', false, '2026-03-02', null, null
from persons
"""


@contextmanager
def nothing_merges(warehouse: str) -> Iterator[None]:
    """Let loads wait before they merge the posts that have come."""
    with closing(psycopg2.connect(warehouse)) as connection:
        connection.cursor().execute(
            "lock table staging_engagement.posts in share row exclusive mode"
        )
        yield


def kill(process: subprocess.Popen, _: str) -> None:
    process.kill()


def close_its_lock(process: subprocess.Popen, warehouse: str) -> None:
    execute(
        warehouse,
        "select pg_terminate_backend(pid) from pg_locks "
        f"where locktype = 'advisory' and objid = {LOCK}",
    )
    assert process.wait(timeout=30) == 1
    assert process.stderr.read().splitlines()[-1] == (
        "error: the warehouse closed the connection that holds the lock: run it again"
    )


def variables(engagement: str, warehouse: str) -> dict[str, str]:
    """Return the environment of a load."""
    return os.environ | {
        "ENGAGEMENT_DATABASE_URL": engagement,
        "WAREHOUSE_URL": warehouse,
        "PII_HASH_KEY": "a key for all tests",
    }


@pytest.mark.parametrize("end", [kill, close_its_lock])
def test_what_a_load_left_half_way_is_gone_after_the_next(
    end: Callable, new_database: Callable, working_directory: Path
) -> None:
    engagement, warehouse = new_database(), new_database()
    execute(engagement, SCHEMA)
    environment = variables(engagement, warehouse)

    def load() -> None:
        ended = run_module("loaders", folder=working_directory, environment=environment)
        assert ended.returncode == 0, ended.stderr

    load()
    execute(engagement, POSTS)
    with (
        nothing_merges(warehouse),
        subprocess.Popen(
            [sys.executable, "-m", "loaders"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        started_at = time.monotonic()
        while query(warehouse, STAGED) == [(0,)]:
            assert time.monotonic() < started_at + SECONDS_TO_LAND
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        end(process, warehouse)
    assert query(warehouse, STAGED) == [(5,)]
    execute(engagement, "delete from posts where content = 'more words'")
    load()
    assert query(warehouse, STAGED) == [(0,)]
    landed = "select count(*), count(_deleted_in_source_at) from staging_engagement."
    assert query(warehouse, f"{landed}posts") == [(5, 0)]


@pytest.mark.parametrize("table", ["persons", "posts", "group_members"])
def test_a_source_that_closes_the_connection_is_loaded_by_the_next(
    table: str, new_database: Callable, working_directory: Path
) -> None:
    engagement, warehouse = new_database(), new_database()
    execute(engagement, SCHEMA)
    environment = variables(engagement, warehouse)
    waiting = "from pg_stat_activity where wait_event_type = 'Lock' and datname = "
    waiting += "current_database()"
    with closing(psycopg2.connect(engagement)) as connection:
        connection.cursor().execute(f"lock table {table} in access exclusive mode")
        with subprocess.Popen(
            [sys.executable, "-m", "loaders"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            started_at = time.monotonic()
            while not query(engagement, f"select pid {waiting}"):
                assert time.monotonic() < started_at + SECONDS_TO_LAND
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.05)
            execute(engagement, f"select pg_terminate_backend(pid) {waiting}")
            told = process.communicate()[1]
    assert process.returncode == 1
    assert "Traceback" not in told
    [line] = [line for line in told.splitlines() if line.startswith("error: ")]
    assert "connection" in line
    ended = run_module("loaders", folder=working_directory, environment=environment)
    assert ended.returncode == 0, ended.stderr
    posts = "select count(*), count(distinct id) from staging_engagement.posts"
    assert query(warehouse, posts) == [(5, 5)]
