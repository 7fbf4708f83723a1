from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.dbt.project import MODELS, Model, models

LONGEST_SQL = 100
LONGEST_YAML = 120
LONGEST_PROJECT = 60

each_model = pytest.mark.parametrize("model", models(), ids=lambda model: model.name)


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@each_model
def test_model_says_what_a_row_is(model: Model) -> None:
    assert model.properties["name"] == model.name
    assert model.properties["description"].startswith("One row")


@each_model
def test_every_column_is_typed_and_described(model: Model) -> None:
    for column in model.properties["columns"]:
        assert column["data_type"], column
        assert column["description"].strip(), column


@each_model
def test_model_has_a_tested_key(model: Model) -> None:
    assert model.has_tested_key


@each_model
def test_only_staging_reads_sources_one_each(model: Model) -> None:
    is_staging = model.path.is_relative_to(MODELS / "staging")
    assert len(model.sources) == is_staging


@each_model
def test_model_is_short(model: Model) -> None:
    assert line_count(model.path) <= LONGEST_SQL
    assert line_count(model.path.with_suffix(".yml")) <= LONGEST_YAML


def test_project_file_is_short() -> None:
    assert line_count(REPOSITORY / "dbt_project.yml") <= LONGEST_PROJECT
