"""Failing rows are told in the terminal unless they name a person or a push."""

import re
from pathlib import Path

import pytest
import sqlglot
import yaml
from sqlglot import exp

from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "tests" / "aggregates"
KEY = re.compile(r".*_(key|id|hash)")


def told() -> dict[str, dict]:
    """Return the tests that the YAML file beside them lets tell their rows."""
    text = (FOLDER / "_aggregates__tests.yml").read_text(encoding="utf-8")
    tests = {test["name"]: test for test in yaml.safe_load(text)["data_tests"]}
    assert all(
        test["config"]["meta"]["tells_rows"] and test["description"]
        for test in tests.values()
    )
    return tests


def selected_columns(path: Path) -> set[str]:
    """Return the columns that the outermost selects of a test show as they are."""
    sql = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", path.read_text(encoding="utf-8"))
    sql = re.sub(r"\{\{ type_\w+\(\) \}\}", "text", sql)
    sql = re.sub(r"\{\{ \w+\('?([\w.()]+?)'?\) \}\}", r"\1", sql)
    query = sqlglot.parse_one(sql, dialect="postgres")
    return {
        column.name
        for select in query.find_all(exp.Select)
        if not select.find_ancestor(exp.CTE, exp.Subquery)
        for selected in select.selects
        for column in selected.find_all(exp.Column)
        if not column.find_ancestor(exp.AggFunc)
    }


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("assert_*.sql")), ids=lambda path: path.stem
)
def test_rows_are_told_unless_they_name_somebody(path: Path) -> None:
    columns = selected_columns(path)
    assert columns
    names_somebody = any(map(KEY.fullmatch, columns))
    assert (path.stem in told()) != names_somebody
