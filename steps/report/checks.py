"""What shows how far to trust a lift: each lift is checked by its own method."""

from steps.parameters import PushParameters
from steps.report.formats import figure, percent
from steps.report.wording import Row

# only one of the comparisons can be made again at dates without the push
CHECKS = {
    "T1": "Nobody was held out of earlier weeks, so it has no weeks without this push.",
    "T2a": (
        "It has no weeks without this push: whom no push reached in an earlier week is "
        "a selection of its own."
    ),
    "T2b": (
        "The same comparison was made at dates a week apart before the push, when "
        "there was no such push to find. Their mean is taken off the lift."
    ),
}
OUTLIERS = {
    "stable": "With and without outliers the before/after change reads the same.",
    "significance_change": (
        "Whether the before/after change is clear depends on a few outliers."
    ),
    "sign_change": "Even the direction of the before/after change hangs on outliers.",
}


def adjusted_check(row: Row, parameters: PushParameters) -> str:
    """Say what shows how far to trust the adjusted lift, and what cannot."""
    if row["adjusted_low"] is None:
        return "There is no adjusted lift to check."
    text = CHECKS[row["design_tier"]]
    if row["design_tier"] == "T2b" or row["held_back_p"] is None:
        return text
    first, last = parameters.baseline_hours // 24 + 1, parameters.long_hours // 24
    return (
        f"{text} In the days {first} to {last} before the push, by which nobody was "
        "matched, recipients and the others differ by "
        f"{percent(row['held_back_percent'])} (p {figure(row['held_back_p'])})."
    )
