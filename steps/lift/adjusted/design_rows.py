"""The design of one campaign and metric as plain numbers: all that is kept of it."""

from dataclasses import asdict, fields
from typing import Any

import numpy as np

from lift_statistics import Effect
from steps.lift.adjusted.cells import Cells, ratio
from steps.lift.adjusted.covariates import COVARIATES, LOGARITHMIC, OUTCOMES
from steps.lift.adjusted.designs import HEADLINE, Design
from steps.parameters import PushParameters

Row = dict[str, Any]

SECONDS_PER_HOUR = 3600
BOOKKEEPING = ("matched_recipients", "matched_active", "controls", "matched_share")
COMPARISON = (
    "effective_controls",
    "max_weight",
    "adjusted_cap",
    "later_push_share",
    "later_push_share_controls",
    "dilution_share",
    "largest_smd",
    "smd_recency",
    "smd_rate",
    "smd_week",
    "held_back_percent",
    "held_back_p",
)
EFFECT = [field.name for field in fields(Effect)]
EFFECTS = (*OUTCOMES, "everyone_")
# what tests are computed from and nobody keeps
ESTIMATES = {
    "matched_active",
    *(f"{prefix}{name}" for prefix in EFFECTS for name in EFFECT),
}


def design_row(design: Design, parameters: PushParameters) -> Row:
    """Return what is known without the other campaigns; NaN for what is not known.

    The effects are not columns of a table yet: they have the names of Effect after the
    prefix of their outcome, those of the headline on everyone after `everyone_`.
    """
    effects = {**design.effects, "everyone_": design.everyone}
    return {
        "design_tier": design.tier,
        "design_reason": design.reason,
        "is_contaminated": design.is_contaminated,
        **_users(design),
        **_comparison(design, parameters),
        **_placebos(design),
        "sample_ratio_p": design.sample_ratio_p,
        **{
            f"{prefix}{name}": value
            for prefix in EFFECTS
            for name, value in _effect(effects.get(prefix)).items()
        },
    }


def placebo_rows(design: Design) -> list[Row]:
    """Return one row per placebo date, in the columns of lift.placebo_lift.

    Only of a valid comparison: beside no adjusted lift they would pass for dates of the
    observed one.
    """
    if design.dates is None or not design.effects:
        return []
    return [
        {"weeks_before": weeks, "kind": "reselected", "lift": lift, "se": error}
        for weeks, lift, error in zip(
            design.dates.weeks_before.tolist(),
            design.dates.lift[HEADLINE].tolist(),
            np.sqrt(design.dates.variance[HEADLINE]).tolist(),
            strict=True,
        )
    ]


def balance_rows(design: Design) -> list[Row]:
    """Return one row per covariate, in the columns of lift.covariate_balance.

    Means of logarithms become the typical count that they stand for. A difference
    that nothing can be measured in, which fails its gate, is null.
    """
    if design.balance is None:
        return []
    means = {
        name: _typical(getattr(design.balance, name))
        for name in ("recipient_mean", "control_mean_before", "control_mean_after")
    }
    differences = {
        name: getattr(design.balance, name) for name in ("smd_before", "smd_after")
    }
    columns = {
        name: [value if np.isfinite(value) else None for value in values.tolist()]
        for name, values in (means | differences).items()
    }
    return [
        {"covariate": covariate} | dict(zip(columns, values, strict=True))
        for covariate, *values in zip(COVARIATES, *columns.values(), strict=True)
    ]


def _typical(means: np.ndarray) -> np.ndarray:
    return np.concatenate([np.expm1(means[:LOGARITHMIC]), means[LOGARITHMIC:]])


def _users(design: Design) -> Row:
    if design.support is None:
        return dict.fromkeys(BOOKKEEPING, np.nan)
    recipients, controls = design.support.recipients, design.support.controls
    active = recipients.where(recipients.post_count > 0)
    values = recipients.n, active.n, controls.n, design.support.share
    return dict(zip(BOOKKEEPING, values, strict=True))


def _comparison(design: Design, parameters: PushParameters) -> Row:
    found = design.comparison
    if found is None:
        return dict.fromkeys(COMPARISON, np.nan)
    controls, weight = found.support.controls, found.regression.weight
    diluted = np.sum(weight * controls.diluted_seconds)
    smd = dict(zip(COVARIATES, design.balance.smd_after, strict=True))
    values = (
        found.regression.effective_size,
        np.max(np.abs(weight)),
        found.caps.post,
        _share(found.support.recipients, "later_push_count"),
        np.sum(weight * controls.later_push_count),
        diluted / (parameters.post_hours * SECONDS_PER_HOUR),
        design.balance.largest,
        smd["hours_since_active"],
        smd["baseline_rate"],
        smd["week_rate"],
        design.held_back.difference_percent,
        design.held_back.p,
    )
    finite = [value if np.isfinite(value) else np.nan for value in values]
    return dict(zip(COMPARISON, finite, strict=True))


def _share(cells: Cells, name: str) -> float:
    return ratio(np.sum(getattr(cells, name)), cells.n)


def _placebos(design: Design) -> Row:
    found = design.correction
    return {
        "placebo_dates": np.nan
        if design.dates is None
        else len(design.dates.weeks_before),
        "placebo_mean": np.nan if found is None else found.mean,
        "placebo_sd": np.nan if found is None else found.sd,
        "placebo_tau": np.nan if found is None else found.tau,
        "is_placebo_passed": None if found is None else found.is_passed,
    }


def _effect(effect: Effect | None) -> Row:
    return dict.fromkeys(EFFECT, np.nan) if effect is None else asdict(effect)
