"""The best design that the data of a campaign and metric allow.

T1 is a randomised holdout. T2a compares with reachable users who got no push, T2b
with users who get none, corrected by placebo dates. T3 is no valid comparison.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from lift_statistics import Effect
from steps.lift.adjusted.balance import Balance, HeldBackTest, balance, held_back_test
from steps.lift.adjusted.cells import Cells, ratio
from steps.lift.adjusted.comparison import Comparison, Support, common_support, compare
from steps.lift.adjusted.covariates import OUTCOMES
from steps.lift.adjusted.holdout import compare_randomised, sample_ratio_p
from steps.lift.adjusted.placebo_dates import (
    Correction,
    PlaceboDates,
    placebo_correction,
    placebo_dates,
)
from steps.parameters import PushParameters

VALID = "ok"
ALONE, EVERYONE = ("recipient",), ("recipient", "overlapping")
HEADLINE = OUTCOMES[0]


@dataclass(frozen=True)
class Design:
    """How the effect of a push was estimated, or why it was not.

    Attributes:
        tier: T1, T2a, T2b or T3.
        reason: `ok`, or the gate that the best design failed.
        support: The users to compare; None if there was nobody to compare with.
        comparison: The comparison; None if no weights make the controls alike.
        balance: How alike they were; None likewise.
        held_back: The test of the time before the baseline; None likewise.
        effects: The estimate for every outcome; empty for T3.
        everyone: The headline with the recipients of other pushes; None if that is not
            valid.
        is_contaminated: Whether those are in the headline too.
        dates: The placebo dates of T2b.
        correction: What they correct in the headline.
        sample_ratio_p: The test of the size of the holdout; NaN without one.
    """

    tier: str
    reason: str
    support: Support | None = None
    comparison: Comparison | None = None
    balance: Balance | None = None
    held_back: HeldBackTest | None = None
    effects: dict[str, Effect] = field(default_factory=dict)
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
    recipients = everyone if is_contaminated else cells.of(ALONE)
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
            # an estimate that fails a gate is none, and may lack its correction
            effect = widest.effects[HEADLINE] if widest.reason == VALID else None
            return replace(design, everyone=effect, **known)
        refused.append(design)
    best = refused[0] if refused else Design("T3", "no_controls")
    return replace(best, tier="T3", effects={}, **known)


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
    return _described("T1", comparison.support, comparison, parameters)


def _reachable(
    cells: Cells, recipients: Cells, parameters: PushParameters
) -> Design | None:
    """Compare with reachable users: no correction, but a test of the time before."""
    design = _weighted("T2a", recipients, cells.of(["reachable"]), parameters)
    if design is None or design.reason != VALID:
        return design
    return replace(design, reason=_failed_history(design, parameters) or VALID)


def _unreachable(
    cells: Cells, recipients: Cells, parameters: PushParameters
) -> Design | None:
    """Compare with users who get no pushes, which needs correction by placebo dates."""
    controls = cells.of(["unreachable"])
    design = _weighted("T2b", recipients, controls, parameters)
    if design is None or design.reason != VALID:
        return design
    dates = placebo_dates(
        design.comparison, cells.of(["reachable"]), controls, parameters
    )
    if len(dates.weeks_before) < parameters.min_placebo_weeks:
        return replace(design, reason="placebo_short", dates=dates)
    corrections = {
        name: placebo_correction(
            effect, dates.lift[name], dates.variance[name], parameters.alpha
        )
        for name, effect in design.effects.items()
    }
    return replace(
        design,
        dates=dates,
        correction=corrections[HEADLINE],
        effects={name: found.effect for name, found in corrections.items()},
    )


def _weighted(
    tier: str, recipients: Cells, controls: Cells, parameters: PushParameters
) -> Design | None:
    """Weigh controls of the push; name the gate that does not pass."""
    controls = controls.where(controls.weeks_before == 0)
    if controls.n == 0:
        return None
    support = common_support(recipients, controls)
    comparison = None
    if support.recipients.n > 0:
        # placebo dates lie too early for it, and must be compared by the same rule
        comparison = compare(support, parameters, is_history_used=tier != "T2b")
    design = _described(tier, support, comparison, parameters)
    gate = _failed_gate(design, recipients.n, parameters)
    return replace(design, reason=gate or VALID)


def _described(
    tier: str,
    support: Support,
    comparison: Comparison | None,
    parameters: PushParameters,
) -> Design:
    """Add what is told of every comparison, whether it is valid or not."""
    if comparison is None:
        return Design(tier, VALID, support=support)
    return Design(
        tier,
        VALID,
        support=support,
        comparison=comparison,
        balance=balance(comparison, parameters),
        held_back=held_back_test(comparison, parameters),
        effects=comparison.effects,
    )


def _failed_gate(design: Design, recipients: int, parameters: PushParameters) -> str:
    """Name the first gate that the users do not pass; what is unknown fails."""
    if not design.support.share >= parameters.min_matched_share:
        return "matched_share"
    if design.comparison is None:
        return "no_weights"
    smallest = max(parameters.min_controls_ess, parameters.min_ess_share * recipients)
    if not design.comparison.regression.effective_size >= smallest:
        return "ess"
    return "" if design.balance.largest <= parameters.max_smd else "balance"


def _failed_history(design: Design, parameters: PushParameters) -> str:
    """Name what speaks against the controls in the time before the baseline."""
    test = design.held_back
    if design.support.recipients.n < parameters.min_recipients:
        # too few for any test, which the verdict says
        return ""
    if np.isnan(test.p):
        return "no_history"
    is_small = abs(test.difference_percent) <= 100 * parameters.max_held_back_share
    return "" if test.p >= parameters.held_back_alpha or is_small else "held_back"
