from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import psycopg2
import pyarrow as pa
import pytest

from tests.conftest import ENGINES, query
from warehouse.connection import connect
from warehouse.console import command
from warehouse.errors import (
    UserError,
    explained,
    one_line,
    root_cause,
    stack_trace,
)
from warehouse.tables import read

CAST = "select cast(name as integer) from (select 'secret' as name) as names"


def raised(action: Callable[[], object]) -> Exception:
    """Return what an action raises, below a wrapper as the loader's libraries make."""
    try:
        try:
            action()
        except Exception as error:
            raise RuntimeError(f"wrapped: {error}") from error
    except RuntimeError as wrapper:
        return wrapper
    raise AssertionError("nothing is raised")


@pytest.mark.parametrize(
    "action",
    [
        lambda: duckdb.sql(CAST).fetchall(),
        lambda: pa.array(["secret"]).cast(pa.int64()),
        lambda: pa.array(["secret"], pa.decimal128(38, 9)),
        lambda: bytes.fromhex("secret"),
        lambda: {}["secret"],
        lambda: "secret\ud83d".encode(),
    ],
)
def test_an_error_that_was_not_foreseen_quotes_no_value(
    action: Callable[[], object],
) -> None:
    error = raised(action)
    assert root_cause("neon", error).startswith("neon: ")
    assert "secret" not in root_cause("neon", error)
    trace = stack_trace(error)
    assert "test_errors.py" in trace
    assert str(error.__cause__) not in trace


@pytest.mark.parametrize("engine", ENGINES)
def test_an_error_of_a_warehouse_quotes_no_value(
    engine: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    error = raised(lambda: query(warehouse, CAST))
    assert "secret" not in root_cause("neon", error)
    assert one_line(error.__cause__) == "a value does not fit"


@pytest.mark.slow
def test_an_error_of_psycopg2_quotes_no_value(new_database: Callable) -> None:
    with closing(psycopg2.connect(new_database())) as connection:
        error = raised(lambda: connection.cursor().execute(CAST))
    assert root_cause("neon", error) == (
        "neon: InvalidTextRepresentation (run with --debug for the stack trace)"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_no_query_is_told(engine: str, new_warehouse: Callable) -> None:
    with connect(new_warehouse(engine)) as connection, pytest.raises(UserError) as told:
        read(connection, "select 'secret' from no_such_table")
    assert "secret" not in str(told.value)
    assert "does not exist" in str(told.value)
    mended = "; run `make build publish` to bring its tables up to date"
    assert str(told.value).endswith(mended)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "select pg_terminate_backend(pg_backend_pid())",
            "the server ended the connection: run it again when the server runs",
        ),
        (
            "set statement_timeout = 1; select pg_sleep(1)",
            "the statement_timeout of the role ends its queries: raise it",
        ),
    ],
)
def test_what_no_build_mends_is_told_with_what_does(
    sql: str, told: str, new_database: Callable
) -> None:
    with closing(psycopg2.connect(new_database())) as connection:
        error = raised(lambda: connection.cursor().execute(sql)).__cause__
    assert explained(error, "run `dbt build`") == told


@pytest.mark.parametrize(
    "raised_by",
    [lambda: duckdb.sql(CAST).fetchall(), lambda: duckdb.sql("select secret")],
)
def test_no_command_ends_in_what_an_engine_says(
    raised_by: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(raised_by)() == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: the warehouse fails: ")
    assert "Error" not in line


def test_a_file_that_does_not_open_is_told_with_what_mends_it(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    file.write_text("not a database" * 1000)
    with pytest.raises(UserError, match="does not open: it is no DuckDB file: name"):
        connect(f"duckdb:///{file}")


def test_what_is_no_value_is_told() -> None:
    error = raised(lambda: duckdb.connect("/nowhere/at.all"))
    assert "No such file or directory" in root_cause("neon", error)
    error = raised(lambda: connect("mysql://somewhere"))
    assert isinstance(error.__cause__, UserError)
    assert root_cause("neon", error) == str(error.__cause__)
