"""How often a model is right where the truth is known."""

import json
import os
from pathlib import Path

import pytest

import demo
from stand_ins.llm import faults
from steps.insights import evaluate
from steps.insights.agreement import accuracy, kappa
from tests.helpers.leaks import leaked_values
from tests.steps.insights.insights_warehouse import InsightsWarehouse

# Cohen's own example (1960), three categories: 200 cases, kappa 0.492.
COHEN = {
    ("1", "1"): 88, ("1", "2"): 14, ("1", "3"): 18,
    ("2", "1"): 10, ("2", "2"): 40, ("2", "3"): 10,
    ("3", "1"): 2, ("3", "2"): 6, ("3", "3"): 12,
}  # fmt: skip


def test_kappa_is_cohens() -> None:
    pairs = [pair for pair, count in COHEN.items() for _ in range(count)]
    truth, answers = zip(*pairs, strict=True)
    assert accuracy(truth, answers) == pytest.approx(0.70)
    assert kappa(truth, answers) == pytest.approx(0.492, abs=0.0005)


def test_without_answers_or_variety_there_is_no_kappa() -> None:
    assert (accuracy([], []), kappa([], [])) == (None, None)
    assert (accuracy(["a"], ["a"]), kappa(["a", "a"], ["a", "a"])) == (1, None)


def test_the_stand_in_is_right_about_the_demo_and_says_what_it_is(
    insights: InsightsWarehouse, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "DIRECTORY", world)
    monkeypatch.setattr(evaluate, "DAYS", 20)
    insights.execute("update seeds.insight_thresholds set min_accuracy = 1")
    insights.stand_in.faults.extend([faults.is_prose, faults.refuses])
    code, told = insights.run("evaluate")
    assert code == 0
    *_, warning, note = told.splitlines()
    assert warning.startswith("warning: below an accuracy of 1 or a kappa of 0.6: ")
    assert "no language model" in note
    rows = insights.rows("select * from insights.evaluations order by field")
    results = {row["field"]: row for row in rows}
    assert results.keys() == {*evaluate.FIELDS}
    (asked,) = {row["answers"] for row in rows}
    assert 5 < asked < 20  # those who do not consent are not asked about here either
    assert results["primary_intent"]["accuracy"] > 0.8
    assert results["primary_intent"]["kappa"] > 0.8
    calls = insights.rows("select purpose, user_key, status from insights.calls")
    assert {(row["purpose"], row["user_key"]) for row in calls} == {
        ("evaluation", None)
    }
    assert sorted(row["status"] for row in calls).count("refused") == 1
    assert insights.rows("select * from insights.facets") == []
    sent = json.dumps(insights.asked(), ensure_ascii=False).encode()
    assert b"[EMAIL_1]" in sent
    assert leaked_values(world, sent) == set()


NAMES = ("BASE_URL", "API_KEY", "MODEL")
LIVE = {
    name: os.environ.get(f"LLM_LIVE_{name}")
    for name in ("BASE_URL", "API_KEY", "MODEL")
}


@pytest.mark.skipif(not all(LIVE.values()), reason="LLM_LIVE_* are not set")
def test_a_real_model_answers(insights: InsightsWarehouse) -> None:
    insights.execute(
        "insert into seeds.llm_prices (model, valid_from, currency, input_per_million, "
        "cached_input_per_million, output_per_million) "
        f"select '{LIVE['MODEL']}', valid_from, currency, 1, 1, 4 "
        "from seeds.llm_prices limit 1"
    )
    code, told = insights.run(**{f"LLM_{name}": value for name, value in LIVE.items()})
    assert code == 0, told
    (ann, _, eve) = insights.rows("select * from insights.facets order by user_key")
    assert ann["primary_intent"] == "make_image"
    assert eve["willingness_to_pay"] == "said"
