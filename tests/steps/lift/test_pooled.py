"""Pooled and shrunken lifts over campaigns."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from steps.lift.pooled.pooled_lift import (
    pooled_lift,
    shrunken_lift,
)
from tests.lift_statistics.test_random_effects import TEACHER_STUDIES, plain
from tests.steps.lift.counts import PARAMETERS

VERDICTS = ["significant_up", "significant_down", "underpowered", "inconclusive"]

Lift = tuple[str, str, float, float]


def observed_table(lifts: list[Lift], status: str = "ok") -> pa.Table:
    """Return rows of lift.campaign_lift: campaign, metric, lift, standard error."""
    rows = [
        {
            "campaign_key": campaign,
            "metric": metric,
            "recipients": 100,
            "observed_lift": lift,
            "observed_se": error,
            "observed_status": status,
        }
        for campaign, metric, lift, error in lifts
    ]
    columns = {
        "campaign_key": pa.string(),
        "metric": pa.string(),
        "recipients": pa.int64(),
    }
    columns |= {"observed_lift": pa.float64(), "observed_se": pa.float64()}
    return pa.Table.from_pylist(
        rows, pa.schema(columns | {"observed_status": pa.string()})
    )


def adjusted_table(lifts: list[Lift], verdict: str = "inconclusive") -> pa.Table:
    """Return rows of lift.adjusted_lift: campaign, metric, lift, standard error."""
    table = observed_table(lifts, verdict)
    names = ["matched_recipients", "adjusted_lift", "adjusted_se", "verdict"]
    return table.rename_columns(["campaign_key", "metric", *names])


def layer_table(layers: dict[str, int | None]) -> pa.Table:
    schema = pa.schema({"campaign_key": pa.string(), "layer_id": pa.int64()})
    rows = [{"campaign_key": key, "layer_id": layer} for key, layer in layers.items()]
    return pa.Table.from_pylist(rows, schema)


def pool(
    observed: pa.Table, adjusted: pa.Table, layers: dict[str, int | None]
) -> dict[tuple, dict[str, Any]]:
    table = pooled_lift(observed, adjusted, layer_table(layers), PARAMETERS)
    return {
        (row["scope"], row["layer_id"], row["metric"], row["estimate"]): row
        for row in table.to_pylist()
    }


NOTHING = observed_table([])
NOT_ADJUSTED = adjusted_table([])


def test_raudenbush_2009() -> None:
    """Table 16.3, Knapp and Hartung's method, with the digits of metafor's tests."""
    lifts = [
        (f"study {number:02}", "iq", effect, np.sqrt(variance))
        for number, (effect, variance) in enumerate(TEACHER_STUDIES)
    ]
    row = pool(observed_table(lifts), NOT_ADJUSTED, {})["all", None, "iq", "observed"]
    assert (row["campaigns"], row["recipients"], row["pooled_df"]) == (19, 1_900, 18)
    assert row["pooled_lift"] == pytest.approx(0.0893, abs=5e-5)
    assert row["pooled_se"] == pytest.approx(0.0636, abs=5e-5)
    assert row["pooled_low"] == pytest.approx(-0.0442, abs=5e-5)
    assert row["pooled_high"] == pytest.approx(0.2229, abs=5e-5)
    assert row["pooled_p"] == pytest.approx(2 * stats.t.sf(1.405, 18), abs=2e-4)
    assert row["between_sd"] ** 2 == pytest.approx(0.0259, abs=5e-5)


def test_layers_metrics_and_estimates_are_pooled_apart() -> None:
    observed = [
        (campaign, metric, lift, 0.1)
        for campaign, lift in [("a", 1.0), ("b", 3.0), ("c", 5.0), ("d", 7.0)]
        for metric in ("sessions", "trades")
    ]
    adjusted = [("a", "sessions", 0.2, 0.1), ("d", "sessions", 0.4, 0.1)]
    layers = {"a": 1, "b": 1, "c": 2, "d": None, "unsent": 3}
    found = pool(observed_table(observed), adjusted_table(adjusted), layers)
    assert {
        key: (row["campaigns"], round(row["pooled_lift"], 12))
        for key, row in found.items()
    } == {
        ("all", None, "sessions", "adjusted"): (2, 0.3),
        ("all", None, "sessions", "observed"): (4, 4),
        ("all", None, "trades", "observed"): (4, 4),
        ("layer", 1, "sessions", "adjusted"): (1, 0.2),
        ("layer", 1, "sessions", "observed"): (2, 2),
        ("layer", 1, "trades", "observed"): (2, 2),
        ("layer", 2, "sessions", "observed"): (1, 5),
        ("layer", 2, "trades", "observed"): (1, 5),
    }


def test_a_single_campaign_has_a_lift_and_no_error() -> None:
    found = pool(observed_table([("a", "sessions", 0.5, 0.1)]), NOT_ADJUSTED, {})
    row = found["all", None, "sessions", "observed"]
    assert (row["campaigns"], row["pooled_lift"], row["pooled_df"]) == (1, 0.5, 0)
    unknown = ["pooled_se", "pooled_low", "pooled_high", "pooled_p", "between_sd"]
    assert {row[name] for name in [*unknown, "i_squared"]} == {None}


def test_only_valid_tests_are_pooled() -> None:
    """Nobody acted in a campaign of too few events: its error of 0 would decide all."""
    good = [("a", "sessions", 0.5, 0.1), ("b", "sessions", 0.7, 0.1)]
    bad = [("c", "sessions", 0.0, 1e-9)]
    for status in ("too_few_events", "too_few_recipients", "degenerate", "incomplete"):
        observed = pa.concat_tables([observed_table(good), observed_table(bad, status)])
        row = pool(observed, NOT_ADJUSTED, {})["all", None, "sessions", "observed"]
        assert (row["campaigns"], row["pooled_lift"]) == (2, pytest.approx(0.6))
    for verdict in ("too_few_events", "descriptive_only", "invalid_srm", "incomplete"):
        adjusted = pa.concat_tables(
            [adjusted_table(good), adjusted_table(bad, verdict)]
        )
        row = pool(NOTHING, adjusted, {})["all", None, "sessions", "adjusted"]
        assert (row["campaigns"], row["pooled_lift"]) == (2, pytest.approx(0.6))
    for verdict in VERDICTS:
        found = pool(NOTHING, adjusted_table(good, verdict), {})
        assert found["all", None, "sessions", "adjusted"]["campaigns"] == 2


def test_shared_users_and_days_show_as_spread_between_campaigns() -> None:
    """Ten campaigns on one good and one bad day: the iid error would be 0.03."""
    lifts = [(f"{n}", "sessions", 0.5 + (-1) ** n * 0.4, 0.1) for n in range(10)]
    found = pool(observed_table(lifts), NOT_ADJUSTED, {})
    row = found["all", None, "sessions", "observed"]
    # lifts of 0.1 and 0.9: their plain standard error is sd / sqrt(10)
    assert row["pooled_se"] == pytest.approx(np.std([0.1, 0.9] * 5, ddof=1) / 10**0.5)
    assert row["i_squared"] > 0.9


def test_the_order_of_campaigns_does_not_matter() -> None:
    random = np.random.default_rng(6)
    lifts = [
        (f"{number:02}", "sessions", random.normal(), random.uniform(0.1, 1))
        for number in range(30)
    ]
    adjusted = adjusted_table(lifts)
    layers = {f"{number:02}": number % 2 for number in range(30)}
    shuffled = adjusted.take(random.permutation(30))
    assert pool(NOTHING, adjusted, layers) == pool(NOTHING, shuffled, layers)
    assert shrunken_lift(adjusted, PARAMETERS).equals(
        shrunken_lift(shuffled, PARAMETERS)
    )


def test_nothing_to_pool() -> None:
    assert pool(NOTHING, NOT_ADJUSTED, {"a": 1}) == {}
    assert shrunken_lift(NOT_ADJUSTED, PARAMETERS).num_rows == 0


def test_shrinkage_is_the_prediction_of_random_effects() -> None:
    """By the formulas of LIFT's shrinkage and of metafor's blup, one by one."""
    estimates = [0.9, -0.2, 0.4, 0.1, 2.0]
    errors = [0.1, 0.2, 0.3, 0.2, 0.9]
    lifts = [
        (f"{number}", "sessions", *pair)
        for number, pair in enumerate(zip(estimates, errors, strict=True))
    ]
    rows = shrunken_lift(adjusted_table(lifts), PARAMETERS).to_pylist()
    effects = plain(estimates, [error**2 for error in errors])
    between, mean = effects["between_variance"], effects["mean"]
    assert between > 0
    for row, lift, error in zip(rows, estimates, errors, strict=True):
        trust = between / (between + error**2)
        expected = mean + (lift - mean) * trust
        variance = trust * error**2 + (1 - trust) ** 2 * effects["standard_error"] ** 2
        margin = 1.959963985 * np.sqrt(variance)
        assert row["shrunken_lift"] == pytest.approx(expected)
        assert row["shrunken_low"] == pytest.approx(expected - margin)
        assert row["shrunken_high"] == pytest.approx(expected + margin)
    # the largest lift is the noisiest, and not the best
    best = max(rows, key=lambda row: row["shrunken_lift"])
    assert best["campaign_key"] == "0"


def test_campaigns_that_do_not_differ_all_get_their_mean() -> None:
    """Three equal errors of 0.1: the mean has an error of 0.1 / sqrt(3)."""
    lifts = [(str(lift), "sessions", lift, 0.1) for lift in (0.04, 0.05, 0.06)]
    for row in shrunken_lift(adjusted_table(lifts), PARAMETERS).to_pylist():
        assert row["shrunken_lift"] == pytest.approx(0.05)
        assert row["shrunken_high"] == pytest.approx(0.05 + 1.959964 * 0.1 / 3**0.5)


def test_a_metric_of_one_campaign_is_not_shrunken() -> None:
    rows = shrunken_lift(
        adjusted_table([("a", "sessions", 0.5, 0.1)]), PARAMETERS
    ).to_pylist()
    assert rows == [
        {
            "campaign_key": "a",
            "metric": "sessions",
            "shrunken_lift": None,
            "shrunken_low": None,
            "shrunken_high": None,
        }
    ]
