"""What a warehouse may be called, and writing Arrow to one of either engine."""

import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from loaders.contract import read_contract
from steps.writeback.ledger import LEDGER
from tests.conftest import ENGINES, REPOSITORY, query
from warehouse.connection import connect
from warehouse.errors import UserError, spark_failure
from warehouse.postgres import parse_url
from warehouse.tables import append_rows

PASSWORD = "correct-horse"
SERVER = f"postgresql://ann:{PASSWORD}@db.example"


@pytest.mark.parametrize("engine", ENGINES)
def test_many_long_texts_are_appended_and_read_back(
    engine: str, new_warehouse: Callable
) -> None:
    """Without care, DuckDB's driver loses its memory over more than 2,048 of them."""
    texts = [f"{number:064x}" for number in range(40_000)]
    with connect(new_warehouse(engine)) as connection, connection.cursor() as cursor:
        cursor.execute("create table words (word text)")
        cursor.execute("create temporary table new_words (word text)")
        for start in (0, 20_000):
            cursor.execute("delete from new_words")
            rows = pa.table({"word": texts[start : start + 20_000]})
            append_rows(cursor, "new_words", rows, temporary=True)
            cursor.execute(
                "insert into words "
                "select word from new_words except select word from words"
            )
        cursor.execute("select word from words order by word")
        assert cursor.fetch_arrow_table()["word"].to_pylist() == texts


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_are_appended_by_name(engine: str, new_warehouse: Callable) -> None:
    """A table of an older version may have another order, and columns of its own."""
    url = new_warehouse(engine)
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("create schema old")
        cursor.execute('create table old."words" (length bigint, gone text, word text)')
        rows = pa.table({"word": ["three"], "length": [5]})
        append_rows(cursor, "words", rows, "old")
        connection.commit()
    assert query(url, "select word, length, gone from old.words") == [
        ("three", 5, None)
    ]


def schemas() -> set[str]:
    """Return the schemas of a warehouse, as the files of the project name them."""
    text = (REPOSITORY / "dbt_project.yml").read_text(encoding="utf-8")
    project = yaml.safe_load(re.sub(r'".*{.*}.*"', "x", text))
    layers = project["models"]["growth_warehouse"] | {
        kind: project[kind]["growth_warehouse"] for kind in ("seeds", "snapshots")
    }
    return {
        *(layer["+schema"] for layer in layers.values() if "+schema" in layer),
        *(f"staging_{source}" for source in read_contract()["sources"]),
        *("lift", "insights", LEDGER.split(".")[0], "information_schema", "pg_catalog"),
        *("main", "temp", "system"),  # DuckDB's own
    }


@pytest.mark.parametrize("name", [*sorted(schemas()), "Core", "it's", 'a"b', ""])
def test_a_file_that_duckdb_would_mistake_is_refused(
    name: str, working_directory: Path
) -> None:
    with pytest.raises(UserError, match="a DuckDB file cannot be called"):
        connect(f"duckdb:///{name}.duckdb" if name else "duckdb:///")
    assert not list(working_directory.iterdir())


@pytest.mark.parametrize(
    "path", ['it\'s a "folder"/w.duckdb', "ü.b c.duckdb", "memory"]
)
def test_other_paths_of_files_work(path: str, working_directory: Path) -> None:
    with connect(f"duckdb:///{path}") as connection, connection.cursor() as cursor:
        cursor.execute("create schema core")
        cursor.execute("create table core.words (word text)")
        append_rows(cursor, "words", pa.table({"word": ["one"]}), "core")
        connection.commit()
    assert query(f"duckdb:///{path}", "select word from core.words") == [("one",)]
    assert (working_directory / path).exists()


def test_a_file_is_for_its_owner_alone(working_directory: Path) -> None:
    file = Path("data/warehouse.duckdb")
    connect(f"duckdb:///{file}").close()
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    connect(f"duckdb:///{file}").close()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o001, "the published marts are beside it"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://ann@db.example/growth", "names no warehouse"),
        ("postgresql+psycopg2://ann@db.example/growth", "names no warehouse"),
        ("duckdb://data/warehouse.duckdb", "names no warehouse"),
        (SERVER, "no database"),
        (f"{SERVER.replace(f'ann:{PASSWORD}@', '')}/growth", "names no user"),
        ("postgresql://ann@/growth", "not one host"),
        (f"{SERVER},b.example/growth", "not one host"),
        (f"{SERVER}/growth?options=-c%20jit%3Doff", "dbt cannot hand on options"),
        (f"{SERVER}/growth?colour=blue", "no option that libpq does not know"),
        (f"{SERVER}/growth?application_name=%zz", "percent-encode"),
        (f"{SERVER}/growth?sslmode=prefer", "sslmode=prefer others can read"),
        (f"{SERVER}/growth?service=x", "a service of libpq"),
        (
            "postgresql://ann@ep-cool-1-pooler.eu.neon.tech/growth",
            "use ep-cool-1.eu.neon.tech",
        ),
    ],
)
def test_a_url_that_not_all_read_alike_is_refused(url: str, problem: str) -> None:
    with pytest.raises(UserError, match=re.escape(problem)) as told:
        connect(url)
    assert PASSWORD not in str(told.value)


@pytest.mark.parametrize("scheme", ["mysql", "postgresql+psycopg2", "jdbc:postgresql"])
def test_a_source_is_a_postgres_database(scheme: str) -> None:
    with pytest.raises(UserError, match="X_URL names no Postgres database") as told:
        parse_url(f"{scheme}://ann:{PASSWORD}@db.example/growth", "X_URL")
    assert PASSWORD not in str(told.value)


@pytest.mark.parametrize(
    "url", ["postgresql://u:Secret1/db", "postgresql://u:Sec ret@localhost:1/x"]
)
def test_no_part_of_a_password_is_told_as_a_port(url: str) -> None:
    with pytest.raises(UserError) as told:
        parse_url(url, "NEON_DATABASE_URL")
    assert "Sec" not in str(told.value)


def test_spark_says_what_is_not_installed() -> None:
    with pytest.raises(UserError, match=r"is not installed here: run `make") as told:
        connect("sc://spark.example/;token=hush")
    assert "hush" not in str(told.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Job aborted due to stage failure: ExecutorLostFailure (executor 2 exited "
            "caused by one of the running tasks) Reason: Command exited with code 52",
            "the memory of the cluster does not suffice",
        ),
        (
            "org.apache.hadoop.security.AccessControlException: Permission denied: "
            'user=ann, access=WRITE, inode="/lake"',
            "its user has no right to that",
        ),
        ("java.io.IOException: No space left on device", "a disk of the cluster is f"),
    ],
)
def test_faults_of_a_cluster_are_told_in_one_line(said: str, told: str) -> None:
    failure = spark_failure(said, "", "UNKNOWN")
    assert str(failure).startswith(f"WAREHOUSE_URL: {told}")
    assert "ann" not in str(failure)
