"""The verdict on a campaign and metric: what may be said of it."""

import numpy as np

from steps.parameters import PushParameters

TOO_FEW = ["too_few_recipients", "too_few_events"]
# a sample that shows no less than this many targets shows nothing of use
LARGEST_DETECTABLE_TARGETS = 2


def silent_status(
    observed_status: np.ndarray,
    tier: np.ndarray,
    reason: np.ndarray,
    recipients: np.ndarray,
    post_active: np.ndarray,
    is_alike: np.ndarray,
    parameters: PushParameters,
) -> np.ndarray:
    """Say why a row has no test of the adjusted lift, in order of importance.

    Args:
        observed_status: The status of the observed lift of the same recipients.
        tier: The design.
        reason: Why there is no better one.
        recipients: Recipients in the adjusted lift; NaN without any.
        post_active: Those of them with an event after the push; likewise.
        is_alike: Whether there is no adjusted lift at all, and no variance.
        parameters: The settings of the method.

    Returns:
        A verdict, or an empty text where there is a test.
    """
    has_few = (recipients < parameters.min_recipients) | (
        post_active < parameters.min_post_active
    )
    conditions = {
        "incomplete": observed_status == "incomplete",
        "degenerate": observed_status == "degenerate",
        "too_few_events": np.isin(observed_status, TOO_FEW)
        | ((tier != "T3") & has_few),
        "invalid_srm": reason == "srm",
        "descriptive_only": tier == "T3",
    }
    silent = np.select(list(conditions.values()), list(conditions), "")
    # with a cap even active people may all have done the same
    return np.where((silent == "") & is_alike, "degenerate", silent)


def verdicts(
    silent: np.ndarray,
    lift: np.ndarray,
    q: np.ndarray,
    detectable_pct: np.ndarray,
    parameters: PushParameters,
) -> np.ndarray:
    """Name the verdict of each row.

    Args:
        silent: What `silent_status` returns.
        lift: The adjusted lift.
        q: Its q-value.
        detectable_pct: Smallest detectable effect in percent; NaN if it is unknown.
        parameters: The settings of the method.
    """
    is_significant = q <= parameters.false_discovery_rate
    limit = 100 * LARGEST_DETECTABLE_TARGETS * parameters.target_lift
    conditions = {
        "significant_up": is_significant & (lift > 0),
        "significant_down": is_significant & (lift < 0),
        "underpowered": ~(detectable_pct <= limit),
    }
    tested = np.select(list(conditions.values()), list(conditions), "inconclusive")
    return np.where(silent == "", tested, silent)


def cap_sensitivity(columns: dict[str, np.ndarray], alpha: float) -> np.ndarray:
    """Say whether the cap decides: what changes when every event counts.

    Args:
        columns: `adjusted_lift`, `adjusted_p`, `full_lift` and `full_p`.
        alpha: Level of the tests.

    Returns:
        `stable`, `significance_change` or `sign_change`; None where there is no test.
    """
    capped, full = columns["adjusted_p"], columns["full_p"]
    conditions = {
        "sign_change": columns["adjusted_lift"] * columns["full_lift"] < 0,
        "significance_change": (capped <= alpha) != (full <= alpha),
    }
    changes = np.select(list(conditions.values()), list(conditions), "stable")
    return np.where(np.isnan(capped) | np.isnan(full), None, changes)
