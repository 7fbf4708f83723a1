import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from steps import show
from tests.steps.publish.publish_warehouse import (
    PROJECT,
    PUBLISHED,
    PublishWarehouse,
)
from warehouse.connection import is_duckdb
from warehouse.versions import project_version


def test_readers_find_the_public_tables_and_nothing_else(
    warehouse: PublishWarehouse,
) -> None:
    published = warehouse.publish()
    assert published.returncode == 0, published.stderr
    assert "generation 1" in published.stdout
    with warehouse.reader() as reader:
        assert reader.counted() == PUBLISHED
        assert reader.generation() == (1, PUBLISHED)
        assert reader.rows("select * from marts.fct_user_activity") == [("vote",)]
        where = (
            "('main', 'training')"
            if is_duckdb(warehouse.url)
            else "('marts', 'training')"
        )
        tables = reader.rows(
            "select table_name from information_schema.tables "
            f"where table_schema in {where}"
        )
    assert {name for (name,) in tables} == {
        *(name.split(".")[1] for name in PUBLISHED),
        "generations",
        "about",
    }


def test_a_generation_says_what_it_is(warehouse: PublishWarehouse) -> None:
    warehouse.publish()
    with warehouse.reader() as reader:
        [about] = reader.rows(
            "select generation_id, cast(as_of as text), "
            "cast(first_tracked_day as text), time_zone, absent_sources "
            "from marts.about"
        )
        [generation] = reader.rows(
            "select code_version, cast(as_of as text), load_ids, allowed_exceptions "
            "from marts.generations"
        )
    assert about == (*(1, "2026-01-31 12:00:00+00", "2026-01-02", "UTC", '["kratos"]'),)
    assert generation == (project_version(), "2026-01-31 12:00:00+00", "[1]", "[]")


def test_comments_and_keys_come_along(warehouse: PublishWarehouse) -> None:
    warehouse.publish()
    with warehouse.reader() as reader:
        if is_duckdb(warehouse.url):
            comments = reader.rows(
                "select comment from duckdb_columns() where table_name = 'dim_users' "
                "union all select comment from duckdb_tables() "
                "where table_name = 'dim_users'"
            )
            keys = reader.rows(
                "select table_name, array_to_string(constraint_column_names, ', ') "
                "from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
            )
        else:
            comments = reader.rows(
                "select description from pg_description "
                "where objoid = 'marts.dim_users'::regclass"
            )
            keys = reader.rows(
                "select relname, string_agg(attname, ', ' order by attnum) "
                "from pg_index "
                "join pg_class on pg_class.oid = indrelid "
                "join pg_attribute on attrelid = indrelid and attnum = any(indkey) "
                "where indisprimary and relnamespace in "
                "('marts'::regnamespace, 'training'::regnamespace) group by 1"
            )
    assert sorted(comments) == [
        ("One row per dim_users.",),
        ("The lifecycle_stage of it's row.",),
        ("The user_key of it's row.",),
    ]
    assert dict(keys) == {
        "dim_users": "user_key",
        "fct_user_activity": "event_key",
        "ai_churn": "user_key, as_of_at",
        "about": "generation_id",
        "generations": "generation_id",
    }, "the key of the layers may be null, so it is none"


def test_a_published_table_is_shown_before_that_of_the_warehouse(
    warehouse: PublishWarehouse,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    warehouse.publish()
    warehouse.execute("delete from core.fct_user_activity")
    monkeypatch.setenv("WAREHOUSE_URL", warehouse.url)
    for name in ("core.fct_user_activity", "fct_user_activity"):
        monkeypatch.setattr(sys, "argv", ["show", name])
        assert show.main() == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].endswith(".fct_user_activity. One row per fct_user_activity.")
        assert lines[-3:] == [
            "vote",
            "",
            "1 of 1 rows. Published: generation 1, as of 2026-01-31 12:00 UTC",
        ]


def test_the_next_generation_replaces_the_last(warehouse: PublishWarehouse) -> None:
    warehouse.publish()
    warehouse.execute("insert into core.dim_users values ('eve', 'new')")
    assert "generation 2" in warehouse.publish().stdout
    with warehouse.reader() as reader:
        assert reader.counted() == {**PUBLISHED, "marts.dim_users": 3}
        hashes = reader.rows(
            "select table_hashes, content_hash from marts.generations "
            "order by generation_id"
        )
    (first, content), (second, other_content) = hashes
    assert content != other_content
    changed = {
        name
        for name, told in json.loads(first).items()
        if json.loads(second)[name] != told
    }
    assert changed == {"marts.dim_users"}


def test_who_reads_goes_on_with_what_was_there(warehouse: PublishWarehouse) -> None:
    warehouse.publish()
    with warehouse.reader() as reader:
        # Postgres: an open cursor, as of a long query
        reader.cursor.execute("select user_key from marts.dim_users order by 1")
        warehouse.execute("delete from core.dim_users")
        assert warehouse.publish().returncode == 0
        assert reader.cursor.fetchall() == [("ann",), ("bob",)]
    with warehouse.reader() as reader:
        assert reader.rows("select * from marts.dim_users") == []


def test_who_polls_sees_whole_generations(warehouse: PublishWarehouse) -> None:
    warehouse.publish()
    seen = set()
    with ThreadPoolExecutor() as executor:
        for night in range(3):
            warehouse.execute(f"insert into core.dim_users values ('{night}', 'new')")
            publishing = executor.submit(warehouse.publish)
            while not publishing.done():
                with warehouse.reader() as reader:
                    number, rows = reader.generation()
                    assert reader.counted() == rows
                    seen.add((number, rows["marts.dim_users"]))
            assert publishing.result().returncode == 0, publishing.result().stderr
    assert seen >= {(1, 2), (2, 3), (3, 4)}


def test_a_failed_test_stops_the_publish(warehouse: PublishWarehouse) -> None:
    warehouse.publish()
    name = "unique_together_dim_users_user_key"
    warehouse.record(**{f"test.{PROJECT}.{name}": "fail"})
    refused = warehouse.publish()
    assert refused.returncode == 1
    assert refused.stderr == (
        f"error: nothing is published. {name}: the test fails. "
        "--allow NAME lets one pass\n"
    )
    with warehouse.reader() as reader:
        assert reader.generation()[0] == 1
    assert warehouse.publish("--allow", name).returncode == 0
    with warehouse.reader() as reader:
        assert reader.rows(
            "select allowed_exceptions from marts.generations order by generation_id"
        ) == [("[]",), (f'["{name}"]',)]


def test_a_file_of_another_warehouse_is_not_overwritten(
    working_directory: Path,
) -> None:
    for name in ("warehouse", "try"):
        folder = working_directory / name
        folder.mkdir()
        url = f"duckdb:///{working_directory}/{name}.duckdb"
        published = PublishWarehouse.make(url, folder).publish()
    assert published.returncode == 1
    assert published.stderr == (
        "error: marts.duckdb was published from warehouse.duckdb, not from try.duckdb: "
        "move that file away, or one of the warehouses to another folder\n"
    )
    assert sorted(path.name for path in working_directory.glob("marts*")) == [
        "marts.duckdb"
    ]


def test_a_reader_that_may_write_stops_no_publish(working_directory: Path) -> None:
    """As root may, whatever the rights of the file."""
    warehouse = PublishWarehouse.make(
        f"duckdb:///{working_directory}/warehouse.duckdb", working_directory
    )
    warehouse.publish()
    file = working_directory / "marts.duckdb"
    assert file.stat().st_mode & 0o777 == 0o444
    file.chmod(0o644)
    held = "import duckdb, sys; held = duckdb.connect('marts.duckdb'); " + (
        "held.execute('create table main.mine (number integer)'); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", held],
        cwd=working_directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        holder.stdout.readline()
        published = warehouse.publish()
        assert published.returncode == 0, published.stderr
        with warehouse.reader() as reader:
            assert reader.counted() == PUBLISHED
            assert reader.generation()[0] == 2
        holder.communicate()
    with warehouse.reader() as reader:
        assert reader.generation()[0] == 2


def test_a_full_disk_is_one_line_and_the_old_generation_stands(
    working_directory: Path,
) -> None:
    warehouse = PublishWarehouse.make(
        f"duckdb:///{working_directory}/warehouse.duckdb", working_directory
    )
    warehouse.publish()
    refused = subprocess.run(
        [
            *("bash", "-c", "ulimit -f 100; exec $0 -m steps.publish", sys.executable),
        ],
        cwd=working_directory,
        env=os.environ | {"WAREHOUSE_URL": warehouse.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    [line] = refused.stderr.splitlines()
    assert line.startswith(f"error: {working_directory}/marts.duckdb is not published:")
    with warehouse.reader() as reader:
        assert reader.generation() == (1, PUBLISHED)
    assert warehouse.publish().returncode == 0
