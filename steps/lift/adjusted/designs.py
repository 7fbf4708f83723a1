"""The best design that the data of a campaign and metric allow.

T1 is a randomised holdout. T2a compares with reachable users who got no push, T2b
with users who get none, corrected by placebo dates. T3 is no valid comparison.
"""

from dataclasses import dataclass, replace

import numpy as np

from steps.lift.adjusted.balance import Balance, HeldBackTest, balance, held_back_test
from steps.lift.adjusted.holdout import compare_randomised, sample_ratio_p
from steps.lift.adjusted.matched_lift import Comparison, Effect, compare
from steps.lift.adjusted.placebo_dates import (
    Correction,
    PlaceboDates,
    placebo_correction,
    placebo_dates,
)
from steps.lift.adjusted.strata import Cells, ratio
from steps.parameters import PushParameters

VALID = "ok"
HEADLINE, EVERYONE = ("recipient",), ("recipient", "overlapping")


@dataclass(frozen=True)
class Design:
    """How the effect of a push was estimated, or why it was not.

    Attributes:
        tier: T1, T2a, T2b or T3.
        reason: `ok`, or the gate that the best design failed.
        comparison: The users compared; None if there was nobody to compare with.
        balance: How alike they were.
        held_back: The test of the time before the baseline.
        effect: The headline's estimate; None for T3.
        everyone: The same with the recipients of other pushes; None likewise.
        is_contaminated: Whether those are in the headline too.
        dates: The placebo dates of T2b.
        correction: What they correct.
        sample_ratio_p: The test of the size of the holdout; NaN without one.
    """

    tier: str
    reason: str
    comparison: Comparison | None = None
    balance: Balance | None = None
    held_back: HeldBackTest | None = None
    effect: Effect | None = None
    everyone: Effect | None = None
    is_contaminated: bool = False
    dates: PlaceboDates | None = None
    correction: Correction | None = None
    sample_ratio_p: float = np.nan


def choose_design(
    cells: Cells, planned_share: float, parameters: PushParameters
) -> Design:
    """Estimate the effect of one campaign on one metric.

    Args:
        cells: All users of the campaign and metric.
        planned_share: Share of the audience to be held out; NaN if none was planned.
        parameters: The settings of the method.
    """
    everyone = cells.of(EVERYONE)
    is_contaminated = (
        ratio(cells.of(["overlapping"]).n, everyone.n)
        >= parameters.max_overlapping_share
    )
    recipients = everyone if is_contaminated else cells.of(HEADLINE)
    held_out = cells.of(["held_out"]).with_baseline()
    p = sample_ratio_p(everyone.with_baseline().n, held_out.n, planned_share)
    known = {"is_contaminated": is_contaminated, "sample_ratio_p": p}
    if p < parameters.srm_alpha:
        return Design("T3", "srm", **known)
    refused = []
    for attempt in (_randomised, _reachable, _unreachable):
        design = attempt(cells, recipients, parameters)
        if design is None:
            continue
        if design.reason == VALID:
            has_others = recipients.n < everyone.n
            widest = attempt(cells, everyone, parameters) if has_others else design
            return replace(design, everyone=widest.effect, **known)
        refused.append(design)
    best = refused[0] if refused else Design("T3", "no_controls")
    return replace(best, tier="T3", effect=None, **known)


def _randomised(cells: Cells, _: Cells, parameters: PushParameters) -> Design | None:
    """Compare everyone who got the push with everyone who was held out."""
    held_out = cells.of(["held_out"]).with_baseline()
    active = held_out.where(held_out.post_count > 0)
    if (
        held_out.n < parameters.min_holdout_users
        or active.n < parameters.min_post_active
    ):
        return None
    comparison = compare_randomised(cells.of(EVERYONE), held_out, parameters)
    return _described("T1", comparison, parameters)


def _reachable(
    cells: Cells, recipients: Cells, parameters: PushParameters
) -> Design | None:
    """Compare with reachable users: no correction, but a test of the time before."""
    controls = _at_the_push(cells.of(["reachable"]))
    if controls.n == 0:
        return None
    comparison = compare(recipients, controls, parameters)
    design = _described("T2a", comparison, parameters)
    reason = _failed_match(design, recipients.n, parameters)
    return replace(
        design, reason=reason or _failed_history(design, parameters) or VALID
    )


def _unreachable(
    cells: Cells, recipients: Cells, parameters: PushParameters
) -> Design | None:
    """Compare with users who get no pushes, which needs correction by placebo dates."""
    controls = cells.of(["unreachable"])
    if _at_the_push(controls).n == 0:
        return None
    comparison = compare(recipients, _at_the_push(controls), parameters)
    design = _described("T2b", comparison, parameters)
    reason = _failed_match(design, recipients.n, parameters)
    dates = placebo_dates(comparison, cells.of(["reachable"]), controls, parameters)
    if len(dates.lift) < parameters.min_placebo_weeks:
        return replace(
            design, reason=reason or "placebo_short", dates=dates, effect=None
        )
    correction = placebo_correction(comparison.effect, dates, parameters.alpha)
    return replace(
        design,
        reason=reason or VALID,
        dates=dates,
        correction=correction,
        effect=correction.effect,
    )


def _at_the_push(cells: Cells) -> Cells:
    return cells.where(cells.weeks_before == 0)


def _described(tier: str, comparison: Comparison, parameters: PushParameters) -> Design:
    """Add what is told of every comparison, whether it is valid or not."""
    return Design(
        tier,
        VALID,
        comparison=comparison,
        balance=balance(comparison.match),
        held_back=held_back_test(comparison, parameters),
        effect=comparison.effect,
    )


def _failed_match(design: Design, recipients: int, parameters: PushParameters) -> str:
    """Name the gate that the matched users do not pass; what is unknown fails."""
    found = design.balance
    smallest_sample = parameters.min_ess_share * recipients
    differences = [found.smd_recency, found.smd_rate, found.smd_week]
    is_passed = {
        "matched_share": design.comparison.match.share >= parameters.min_matched_share,
        "ess": found.effective_controls >= smallest_sample,
        "balance": np.all(np.abs(differences) <= parameters.max_smd),
    }
    return next((gate for gate, passes in is_passed.items() if not passes), "")


def _failed_history(design: Design, parameters: PushParameters) -> str:
    """Name what speaks against the controls in the time before the baseline."""
    test = design.held_back
    if np.isnan(test.p):
        return "no_history"
    is_small = abs(test.difference_pct) <= 100 * parameters.max_held_back_share
    return "" if test.p >= parameters.held_back_alpha or is_small else "held_back"
