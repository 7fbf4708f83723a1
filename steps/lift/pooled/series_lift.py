"""The average effect of the sends of one push: does "Finish your trade" work?

A series is what was sent under one title in one layer. Its lift is the average over the
recipients of these sends, not the effect of a push in general; how sends differ is told
beside it.
"""

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from lift_statistics import (
    fieller_interval,
    mean_interval,
    minimum_detectable_effect,
    p_values,
    prediction_interval,
    q_values,
    random_effects,
    size_weighted_mean,
)
from steps.lift.adjusted.design_rows import Row
from steps.lift.adjusted.verdicts import verdicts
from steps.lift.columns import table_of
from steps.parameters import PushParameters

SERIES = ("push_title", "layer_id", "metric")
COMPARED_TIERS = ("T1", "T2a", "T2b")
NOT_COMPARED = ("incomplete", "degenerate")
MIN_SENDS, MIN_SENDS_TO_PREDICT = 2, 5
NUMBERS = (
    "series_lift",
    "series_se",
    "series_df",
    "series_low",
    "series_high",
    "series_p",
    "series_percent",
    "series_percent_low",
    "series_percent_high",
    "series_detectable_percent",
    "between_sd",
    "i_squared",
    "next_low",
    "next_high",
)


def series_lift(
    observed: pa.Table,
    rows: dict[tuple[str, str], Row],
    campaigns: pa.Table,
    parameters: PushParameters,
) -> pa.Table:
    """Average the adjusted lifts of the sends of each series, per metric.

    Args:
        observed: `campaign_key`, `metric` and `observed_status` of every send.
        rows: The design of sends and metrics, as `design_row` gives it.
        campaigns: `campaign_key`, `title`, `layer_id`, `sent_at` and `last_sent_at`.
        parameters: The settings of the method.

    Returns:
        The rows of `lift.series_lift`, sorted by title, layer and metric.
    """
    sends = {row["campaign_key"]: row for row in campaigns.to_pylist()}
    series: dict[tuple[Any, ...], list[Row]] = {}
    keys = ["campaign_key", "metric", "observed_status"]
    for campaign, metric, status in zip(
        *(observed[name].to_pylist() for name in keys), strict=True
    ):
        send = sends[campaign]
        if not send["title"]:
            continue
        design = {"observed_status": status} | rows.get((campaign, metric), {})
        key = send["title"], send["layer_id"], metric
        series.setdefault(key, []).append(send | design)
    ordered = sorted(series, key=lambda key: (key[0], key[1] or 0, key[2]))
    if not ordered:
        return pa.table({})
    found = [_series_row(series[key], parameters) for key in ordered]
    columns = {name: np.array([row[name] for row in found]) for name in found[0]}
    columns["series_q"] = q_values(columns["series_p"])
    columns["verdict"] = verdicts(
        columns["verdict"],
        columns["series_lift"],
        columns["series_q"],
        columns["series_detectable_percent"],
        parameters,
    )
    names = zip(SERIES, zip(*ordered, strict=True), strict=True)
    return table_of({name: pa.array(values) for name, values in names} | columns)


def _series_row(sends: list[Row], parameters: PushParameters) -> Row:
    """Return the counts of one series and metric, and its numbers if it has any."""
    compared = sorted(
        (send for send in sends if _is_compared(send, parameters)),
        key=lambda send: (send["sent_at"], send["campaign_key"]),
    )
    active = int(sum(send["matched_active"] for send in compared))
    silent = ""
    if len(compared) < MIN_SENDS:
        silent = "too_few_sends"
    elif active < parameters.min_post_active:
        silent = "too_few_events"
    numbers = dict.fromkeys(NUMBERS, np.nan)
    if not silent:
        numbers |= _average(compared, parameters)
    return {
        "verdict": silent,
        "sends": len(sends),
        "compared_sends": len(compared),
        "recipients": int(sum(send["matched_recipients"] for send in compared)),
        "active_recipients": active,
        **numbers,
    }


def _is_compared(send: Row, parameters: PushParameters) -> bool:
    """Tell whether all gates pass; with few people the one of the history cannot."""
    return (
        send.get("design_tier") in COMPARED_TIERS
        and send["observed_status"] not in NOT_COMPARED
        and send["matched_recipients"] >= parameters.min_recipients
        and send["variance"] > 0
    )


def _average(sends: list[Row], parameters: PushParameters) -> dict[str, float]:
    """Average the sends by their recipients; sends at the same time may depend."""
    column = {
        name: np.array([send[name] for send in sends], dtype=float)
        for name in (
            "lift",
            "variance",
            "df",
            "post_mean",
            "post_variance",
            "covariance",
        )
    }
    size = np.array([send["matched_recipients"] for send in sends])
    cluster = _clusters(sends, parameters.post_hours)
    lift, error = size_weighted_mean(
        column["lift"], np.sqrt(column["variance"]), size, cluster
    )
    df = column["df"].sum()
    low, high = mean_interval(lift, error, df, parameters.alpha)
    detectable = minimum_detectable_effect(
        error, df, parameters.alpha, parameters.power
    )
    return {
        "series_lift": lift,
        "series_se": error,
        "series_df": df,
        "series_low": low,
        "series_high": high,
        "series_p": float(p_values(lift / error, df)),
        **_percent(column, size, lift, error, detectable, parameters.alpha),
        **_differences(column, lift, error, parameters.alpha),
    }


def _clusters(sends: list[Row], post_hours: int) -> np.ndarray:
    """Number sends, in order of time, alike if their windows overlap."""
    numbers, until = [], None
    for send in sends:
        is_new = until is None or send["sent_at"] >= until
        numbers.append((numbers[-1] + 1 if numbers else 0) if is_new else numbers[-1])
        end = send["last_sent_at"] + timedelta(hours=post_hours)
        until = end if is_new else max(until, end)
    return np.array(numbers)


def _percent(
    column: dict[str, np.ndarray],
    size: np.ndarray,
    lift: float,
    error: float,
    detectable: float,
    alpha: float,
) -> dict[str, float]:
    """Return the lift in percent of what the recipients would have done without it."""
    share = size / size.sum()
    without = np.sum(share * (column["post_mean"] - column["lift"]))
    if not without > 0:
        return {}
    # overlapping sends make all errors larger alike
    scale = error**2 / np.sum(share**2 * column["variance"])
    without_variance = (
        column["variance"] + column["post_variance"] - 2 * column["covariance"]
    )
    low, high = fieller_interval(
        lift,
        without,
        error**2,
        scale * np.sum(share**2 * without_variance),
        scale * np.sum(share**2 * (column["covariance"] - column["variance"])),
        column["df"].sum(),
        alpha,
    )
    return {
        "series_percent": 100 * lift / without,
        "series_percent_low": 100 * low,
        "series_percent_high": 100 * high,
        "series_detectable_percent": 100 * detectable / without,
    }


def _differences(
    column: dict[str, np.ndarray], lift: float, error: float, alpha: float
) -> dict[str, float]:
    """Return how much the sends differ, and what to expect of the next one."""
    count = len(column["lift"])
    effects = random_effects(
        column["lift"], column["variance"], np.zeros(count, np.int64)
    )
    between = effects.between_variance[0]
    found = {"between_sd": np.sqrt(between), "i_squared": effects.i_squared[0]}
    if count >= MIN_SENDS_TO_PREDICT:
        low, high = prediction_interval(lift, error, between, count, alpha)
        found |= {"next_low": float(low), "next_high": float(high)}
    return found
