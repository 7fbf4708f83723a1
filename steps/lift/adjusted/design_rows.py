"""The design of one campaign and metric as plain numbers: all that is kept of it."""

from dataclasses import asdict, fields
from typing import Any

import numpy as np

from steps.lift.adjusted.cuped import LONG_COVARIATES
from steps.lift.adjusted.designs import Design
from steps.lift.adjusted.matched_lift import Effect

Row = dict[str, Any]

COMPARISON = [
    "matched_recipients",
    "matched_active",
    "controls",
    "effective_controls",
    "matched_share",
    "smd_recency",
    "smd_rate",
    "smd_week",
    "held_back_percent",
    "held_back_p",
]
THETA = [f"theta_{name}" for name in LONG_COVARIATES]
EFFECT = [field.name for field in fields(Effect)]
# what tests are computed from and nobody keeps
ESTIMATES = {"matched_active", *EFFECT, *(f"everyone_{name}" for name in EFFECT)}


def design_row(design: Design) -> Row:
    """Return what is known without the other campaigns; NaN for what is not known.

    The effects are not columns of a table yet: they have the names of Effect, those
    of the effect on everyone after `everyone_`.
    """
    return {
        "design_tier": design.tier,
        "design_reason": design.reason,
        "is_contaminated": design.is_contaminated,
        **_comparison_columns(design),
        **_theta_columns(design),
        **_placebo_columns(design),
        "sample_ratio_p": design.sample_ratio_p,
        **_effect_columns(design.effect),
        **{f"everyone_{k}": v for k, v in _effect_columns(design.everyone).items()},
    }


def placebo_rows(design: Design) -> list[Row]:
    """Return one row per placebo date, in the columns of lift.placebo_lift.

    Only of a valid comparison: beside no adjusted lift they would pass for dates of the
    observed one.
    """
    if design.dates is None or design.effect is None:
        return []
    return [
        {"weeks_before": weeks, "kind": "reselected", "lift": lift, "se": error}
        for weeks, lift, error in zip(
            design.dates.weeks_before.tolist(),
            design.dates.lift.tolist(),
            np.sqrt(design.dates.variance).tolist(),
            strict=True,
        )
    ]


def _comparison_columns(design: Design) -> Row:
    if design.comparison is None:
        return dict.fromkeys(COMPARISON, np.nan)
    match = design.comparison.match
    active = match.recipients.where(match.recipients.post_count > 0)
    values = (
        match.recipients.n,
        active.n,
        match.controls.n,
        design.balance.effective_controls,
        match.share,
        design.balance.smd_recency,
        design.balance.smd_rate,
        design.balance.smd_week,
        design.held_back.difference_pct,
        design.held_back.p,
    )
    return dict(zip(COMPARISON, values, strict=True))


def _theta_columns(design: Design) -> Row:
    """Return the coefficients of an estimate; the last ones may not be in it."""
    theta = [] if design.effect is None else design.comparison.theta
    return dict.fromkeys(THETA, np.nan) | dict(zip(THETA, theta, strict=False))


def _placebo_columns(design: Design) -> Row:
    found = design.correction
    return {
        "placebo_dates": np.nan if design.dates is None else len(design.dates.lift),
        "placebo_mean": np.nan if found is None else found.mean,
        "placebo_sd": np.nan if found is None else found.sd,
        "placebo_tau": np.nan if found is None else found.tau,
        "is_placebo_passed": None if found is None else found.is_passed,
    }


def _effect_columns(effect: Effect | None) -> Row:
    return dict.fromkeys(EFFECT, np.nan) if effect is None else asdict(effect)
