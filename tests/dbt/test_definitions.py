"""One name has one meaning: columns of aggregates, and the metrics people ask for."""

import re
from collections import defaultdict
from typing import Any

import yaml

from tests.dbt.project import MODELS

DOC = re.compile(r"\{\{ doc\('(\w+)'\) \}\}")


def definition(described: dict[str, Any]) -> str:
    """Return the doc block that a description begins with, or else its text."""
    description = " ".join(described["description"].split())
    block = DOC.match(description)
    return block[1] if block else description


def aggregates(key: str) -> list[dict[str, Any]]:
    """Return what the YAML files of the aggregates say under a key.

    The push marts are left out: their columns are named by the method, in which the
    recipients or windows of each table are others.
    """
    return [
        item
        for path in sorted((MODELS / "aggregates").glob("*.yml"))
        if not path.name.startswith("agg_push_")
        for item in yaml.safe_load(path.read_text(encoding="utf-8")).get(key, ())
    ]


def definitions() -> dict[str, set[str]]:
    """Return the definitions of every column of the aggregates, by its name."""
    found = defaultdict(set)
    for model in aggregates("models"):
        for column in model["columns"]:
            found[column["name"]].add(definition(column))
    return found


def test_a_column_means_the_same_in_every_aggregate() -> None:
    several = {name: texts for name, texts in definitions().items() if len(texts) > 1}
    assert several == {}


def test_a_metric_means_the_same_as_the_column_of_its_name() -> None:
    columns = definitions()
    metrics = {metric["name"]: definition(metric) for metric in aggregates("metrics")}
    shared = columns.keys() & metrics.keys()
    assert {"signups", "mau", "stickiness", "reports"} <= shared
    for name in shared:
        assert columns[name] == {metrics[name]}, name


def test_what_people_ask_for_has_a_name() -> None:
    names = {metric["name"] for metric in aggregates("metrics")}
    assert names >= {
        *("signups", "total_users", "dau", "wau", "mau", "stickiness"),
        *("activation_rate", "retention", "cohort_retention", "churned_users"),
        *("power_users", "posts", "comments", "votes", "searches", "collections"),
        *("reports", "messages", "logins"),
    }
