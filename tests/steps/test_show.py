"""`python -m steps.show`: what a table means, its columns, and rows."""

import sys
from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pytest

from steps import show
from tests.conftest import ENGINES
from tests.steps.warehouses import write_tables
from warehouse.connection import connect

DAYS = pa.table(
    {
        "day": [date(2026, 10, day) for day in range(1, 8)],
        "dau": [None, *range(1_000, 1_006)],
        "is_known": [False, *[True] * 6],
    }
)
WIDE = pa.table({f"column_{number:02}": ["x" * 30, "y"] for number in range(20)})


@pytest.fixture(params=ENGINES)
def run(
    request: pytest.FixtureRequest,
    new_warehouse: Callable,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., list[str]]:
    """Give a function that shows tables that nobody has published."""
    url = new_warehouse(request.param)
    write_tables(url, {"core.days": DAYS, "staging_app.wide": WIDE, "core.wide": WIDE})
    with connect(url) as connection, connection.cursor() as cursor:
        for statement in (
            "comment on table core.days is 'One row per day.'",
            "comment on column core.days.dau is 'People\n who came.'",
        ):
            cursor.execute(statement)
        connection.commit()
    monkeypatch.setenv("WAREHOUSE_URL", url)

    def printed(*arguments: str, code: int = 0) -> list[str]:
        monkeypatch.setattr(sys, "argv", ["show", *arguments])
        assert show.main() == code
        output = capsys.readouterr()
        return (output.err if code else output.out).splitlines()

    return printed


def test_a_table_is_shown_with_what_it_means(run: Callable) -> None:
    lines = run("core.days", "--limit", "2")
    assert lines[0] == "core.days. One row per day."
    columns = {words[0]: words[1:] for line in lines[3:6] if (words := line.split())}
    assert columns == {
        "day": ["date"],
        "dau": ["bigint", "People", "who", "came."],
        "is_known": ["boolean"],
    }
    assert [line.split() for line in lines[7:10]] == [
        ["day", "dau", "is_known"],
        ["2026-10-07", "1005", "true"],
        ["2026-10-06", "1004", "true"],
    ]
    assert lines[-1] == "2 of 7 rows. Not published: the warehouse as it is now"
    # the name alone will do, and so will some of its columns
    lines = run("days", "--columns", "is_known,dau", "--limit", "7")
    assert [line.split() for line in lines[6:8]] == [
        ["is_known", "dau"],
        ["true", "1005"],
    ]
    assert lines[-3].split() == ["false", "null"]


def test_tables_are_listed(run: Callable) -> None:
    lines = [line.split() for line in run()]
    assert ["core.days", "One", "row", "per", "day."] in lines
    assert ["staging_app.wide"] in lines


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["core.dayz"], "there is no table core.dayz: did you mean days?"),
        (["\x1b[31m"], "there is no table \\x1b[31m: `make show` lists them"),
        (
            ["wide"],
            "wide is the name of several tables: core.wide, staging_app.wide",
        ),
        (
            ["days", "--columns", "day,is_knwon"],
            "days has no column is_knwon; did you mean is_known?",
        ),
    ],
)
def test_a_wrong_name_ends_in_one_line(
    arguments: list[str], told: str, run: Callable
) -> None:
    assert run(*arguments, code=1) == [f"error: {told}"]


def test_a_wide_table_fits_a_terminal() -> None:
    names, rows = WIDE.column_names, [list(row.values()) for row in WIDE.to_pylist()]
    [block] = show._blocks(names, rows, 80)
    assert block[0] == ["column_00", "x" * 23 + "…", "y"]
    assert len(block) == 20
    assert [len(block[0]) for block in show._blocks(names, rows * 2, 80)] == [3, 3]
