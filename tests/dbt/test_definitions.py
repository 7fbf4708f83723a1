"""One name has one meaning: columns of aggregates, and the metrics people ask for."""

import csv
import re
from collections import defaultdict
from typing import Any

import yaml

from tests.conftest import REPOSITORY
from tests.dbt.project import MODELS, models

# what may follow a definition: whom or what of it a row counts, never another meaning
REMARKS = (
    "Of several days the last.",
    "Of all users together.",
    "Of the cohort only; null until the period is over.",
    "By the day of the post.",
    "By the day of the comment.",
    "Here of the period since the sign-up.",
    "Only the step engaged counts what people do in the app.",
    "{{ doc('funnel_users') }}",
    "{{ doc('profile_users') }}",
    "Here the period is over, so that its numbers are final.",
    "Here the month and a further `dormant_days` are over; later steps can still be "
    "reached.",
)


def definition(described: dict[str, Any]) -> str:
    """Return a description without the remark that may follow it."""
    description = " ".join(described["description"].split())
    for remark in REMARKS:
        description = description.removesuffix(f" {remark}")
    return description


def aggregates(key: str) -> list[dict[str, Any]]:
    """Return what the YAML files of the aggregates say under a key.

    The push marts are left out: their columns are named by the method, in which the
    recipients or windows of each table are others.
    """
    return [
        item
        for path in sorted((MODELS / "aggregates").rglob("*.yml"))
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


def test_no_segment_is_all_of_them() -> None:
    """A plain sum over the segments would count everybody twice."""
    tests = [
        test["accepted_values"]["arguments"]["values"]
        for model in aggregates("models")
        for column in model["columns"]
        for test in column.get("data_tests", ())
        if "accepted_values" in test
    ]
    assert ["finder", "standard"] in tests
    assert not [values for values in tests if "all" in values]


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


def test_what_a_person_said_is_in_no_mart() -> None:
    """Notes, and the keys by which answers are found, stay in the schema insights."""
    for layer in ("core", "aggregates", "ai"):
        for path in (MODELS / layer).rglob("*.yml"):
            text = yaml.safe_load(path.read_text(encoding="utf-8"))
            for model in text.get("models", ()):
                columns = {column["name"] for column in model["columns"]}
                assert not columns & {"note", "cache_key"}, model["name"]


def test_a_language_model_that_fails_changes_nothing_but_what_is_told_of_it() -> None:
    """Calls that failed leave no answer: two marts and telemetry read them."""
    calls, answers = (
        "ref('stg_insights__calls')",
        re.compile(r"ref\('\w+_insights?_(?!_calls)"),
    )
    readers = {model.name for model in models() if calls in model.sql}
    marts = {"agg_insight_coverage", "agg_llm_costs"}
    assert readers == marts | {"int_warehouse_samples"}
    folders = {
        model.path.parent.name for model in models() if answers.search(model.sql)
    }
    assert folders == {"insights"}


def test_who_does_more_than_visit_is_no_lurker() -> None:
    """What is measured of a push is an activity, and each own action has a weight."""

    def seed(name: str) -> list[dict[str, str]]:
        text = (REPOSITORY / "seeds" / f"{name}.csv").read_text(encoding="utf-8")
        return list(csv.DictReader(text.splitlines()))

    types = {row["activity_type"]: row for row in seed("activity_types")}
    assert {row["metric"] for row in seed("push_metrics")} <= types.keys()
    weightless = {
        name
        for name, row in types.items()
        if row["is_own_action"] == "true" and row["engagement_weight"] == "0"
    }
    assert weightless == {"login", "sessions"}
