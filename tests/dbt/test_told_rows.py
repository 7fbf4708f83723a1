"""Rows that failed tests tell in the terminal name no person."""

import re

import pytest
import sqlglot
import yaml

from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "tests" / "aggregates"
TESTS = yaml.safe_load((FOLDER / "_aggregates__tests.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("told", TESTS["data_tests"], ids=lambda told: told["name"])
def test_rows_that_are_told_name_nobody(told: dict) -> None:
    sql = (FOLDER / f"{told['name']}.sql").read_text(encoding="utf-8")
    sql = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", sql)
    sql = re.sub(r"\{\{ \w+\('?([\w.]+)'?\) \}\}", r"\1", sql)
    columns = sqlglot.parse_one(sql, dialect="postgres").named_selects
    assert columns
    assert not [name for name in columns if name.endswith(("_key", "_id", "_hash"))]
    assert told["config"]["meta"] == {"tells_rows": True}
    assert told["description"]
