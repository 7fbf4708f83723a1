from collections.abc import Callable
from contextlib import closing

import duckdb
import psycopg2
import pyarrow as pa
import pytest

from tests.conftest import ENGINES, query
from warehouse.connection import connect
from warehouse.errors import UserError, one_line, root_cause, stack_trace

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


def test_what_is_no_value_is_told() -> None:
    error = raised(lambda: duckdb.connect("/nowhere/at.all"))
    assert "No such file or directory" in root_cause("neon", error)
    error = raised(lambda: connect("mysql://somewhere"))
    assert isinstance(error.__cause__, UserError)
    assert root_cause("neon", error) == str(error.__cause__)
