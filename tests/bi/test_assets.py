"""The dashboards for Superset name what the project has; `make bi-test` shows them."""

from pathlib import Path

import yaml

from tests.conftest import REPOSITORY
from tests.dbt.project import MODELS, models

ASSETS = REPOSITORY / "bi" / "superset"


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def assets(kind: str) -> dict[str, dict]:
    """Return the files of a kind by their ids."""
    found = [read(path) for path in (ASSETS / kind).rglob("*.yaml")]
    return {asset["uuid"]: asset for asset in found}


DATASETS = assets("datasets")
CHARTS = assets("charts")


def test_datasets_have_the_columns_of_their_marts() -> None:
    columns = {
        model.name: [column["name"] for column in model.properties["columns"]]
        for model in models()
    }
    for dataset in DATASETS.values():
        name = dataset["table_name"]
        stored = [
            column["column_name"]
            for column in dataset["columns"]
            if "expression" not in column
        ]
        # what is published beside the models
        if name != "about":
            assert stored == columns[name], name


def test_an_exposure_names_the_marts_of_each_dashboard() -> None:
    exposures = {
        exposure["config"]["meta"]["file"]: set(exposure["depends_on"])
        for exposure in read(MODELS / "exposures.yml")["exposures"]
    }
    paths = list((ASSETS / "dashboards").glob("*.yaml"))
    assert len(paths) == 4
    for path in paths:
        shown = [
            CHARTS[part["meta"]["uuid"]]
            for part in read(path)["position"].values()
            if isinstance(part, dict) and part["type"] == "CHART"
        ]
        tables = {DATASETS[chart["dataset_uuid"]]["table_name"] for chart in shown}
        assert exposures[str(path.relative_to(REPOSITORY))] == {
            f"ref('{table}')" for table in tables - {"about"}
        }


def test_a_chart_asks_over_rest_what_it_shows_on_a_page() -> None:
    """The file says both, as one is made of the other only when somebody saves it."""
    for chart in CHARTS.values():
        shown = chart["params"]
        [asked] = yaml.safe_load(chart["query_context"])["queries"]
        where = " and ".join(one["sqlExpression"] for one in shown["adhoc_filters"])
        assert asked["extras"] == ({"where": f"({where})"} if where else {})
        measures = shown.get("metrics", [shown.get("metric")])
        assert asked.get("metrics", [None]) == measures, chart["slice_name"]
