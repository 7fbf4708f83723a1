from pathlib import Path

import pytest
import yaml

from tests.conftest import REPOSITORY
from tests.dbt.project import MODELS, Model, models

LONGEST_SQL = 150
LONGEST_YAML = 180
LONGEST_PROJECT = 60
MOST_COLUMNS_TO_READ = 45
LONGEST_IDENTIFIER = 63

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
    # the ledgers of all sources are alike
    if model.name != "stg_loader__loads":
        assert len(model.sources) == (model.layer == "staging")


@each_model
def test_model_is_short(model: Model) -> None:
    assert line_count(model.path) <= LONGEST_SQL
    assert line_count(model.properties_path) <= LONGEST_YAML


def test_the_lift_of_a_campaign_is_read_at_a_glance() -> None:
    (lift,) = (model for model in models() if model.name == "agg_push_campaign_lift")
    assert len(lift.properties["columns"]) <= MOST_COLUMNS_TO_READ


@each_model
def test_postgres_does_not_cut_the_names_of_unit_tests(model: Model) -> None:
    for name in model.unit_tests:
        assert len(name) <= LONGEST_IDENTIFIER, name


def test_exposures_show_public_tables_to_an_owner() -> None:
    """The statistics of the lift are a step of the project and read its counts."""
    text = (MODELS / "exposures.yml").read_text(encoding="utf-8")
    public = {
        f"ref('{model.name}')"
        for model in models()
        if model.layer in ("core", "aggregates", "ai")
    }
    for exposure in yaml.safe_load(text)["exposures"]:
        if exposure["name"] != "push_lift_statistics":
            assert set(exposure["depends_on"]) <= public, exposure["name"]
        assert exposure["owner"]["name"]
        assert exposure["maturity"]
        assert (REPOSITORY / exposure["config"]["meta"]["file"]).is_file()


def test_metrics_leave_out_what_is_not_known() -> None:
    """Where a mart has flags, each metric that is read from it asks for one."""
    flagged = {
        f"ref('{model.name}')"
        for model in models()
        if model.layer == "aggregates"
        and {"is_complete", "is_tracked"}
        & {column["name"] for column in model.properties["columns"]}
    }
    files = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (MODELS / "aggregates").glob("*/*__metrics.yml")
    ]
    measures = {
        measure["name"]
        for file in files
        for semantic_model in file["semantic_models"]
        if semantic_model["model"] in flagged
        for measure in semantic_model["measures"]
    }
    metrics = [metric for file in files for metric in file["metrics"]]
    asked = [
        metric
        for metric in metrics
        if metric["type"] == "simple" and metric["type_params"]["measure"] in measures
    ]
    assert len(asked) > 30
    for metric in asked:
        assert "__is_" in str(metric["filter"]), metric["name"]


def test_project_file_is_short() -> None:
    assert line_count(REPOSITORY / "dbt_project.yml") <= LONGEST_PROJECT
