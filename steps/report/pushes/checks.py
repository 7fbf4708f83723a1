"""What shows how far to trust a lift: each lift is checked by its own method."""

from steps.parameters import PushParameters
from steps.report.formats import Row, figure, percent, share

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
# what else is known of a result, beside what its plots show
DIAGNOSTICS = {
    "recipients_active_after": "of them active afterwards",
    "recipients_overlapping": "left out: another push in the hours before",
    "matched_recipients": "recipients with people like them",
    "controls": "people they are compared with",
    "effective_controls": "as many as these tell, weighted",
    "max_weight": "largest weight of one of them",
    "held_back_percent": "difference in months by which nobody was weighted, percent",
    "held_back_p": "p of that difference",
    "later_push_share": "recipients with another push afterwards, share",
    "dilution_share": "hours in which these had this push too, share",
    "adjusted_cap": "most events counted of a person",
    "adjusted_p": "p of the effect",
    "placebo_dates": "dates without the push",
    "sample_ratio_p": "p that the held-out group has its planned size",
    "observed_p": "p of before/after",
    "required_recipients": "recipients it takes before/after for power 0.8",
}
# what controls are weighted by, in the order it is shown
TRAITS = {
    "hours_since_active": "hours since last active (typical)",
    "activity_last_week": "activity in the last 7 days (typical)",
    "baseline_rate": "events per day in the baseline",
    "root_baseline_rate": "square root of that",
    "week_rate": "events per day in the last 7 days",
    "day_count": "events in the last 24 hours",
    "is_newer_than_14_days": "first seen in the last 14 days",
    "is_newer_than_30_days": "first seen in the last 30 days",
}
BALANCE = {
    "T1": "Controls were held out at random and need no weights: here is how alike.",
    "T2a": (
        "Controls were weighted until they looked like the recipients before the push: "
        "here is how alike."
    ),
    "T3": (
        "Weights were to make controls look like the recipients before the push: here "
        "is how alike they became."
    ),
}


def balance_text(row: Row) -> str:
    """Say what the table of traits shows of a result."""
    return BALANCE.get(row["design_tier"], BALANCE["T2a"])


def traits(rows: list[Row]) -> list[tuple[str, ...]]:
    """Write the traits of recipients and controls before the push, a line for each.

    Args:
        rows: Rows of agg_push_covariate_balance of one campaign and metric.

    Returns:
        The trait, its mean for recipients, controls and weighted controls, and how
        many standard deviations these are apart then.
    """
    by_trait = {row["covariate"]: row for row in rows}
    return [
        (text, *_means(name, by_trait[name]), _apart(by_trait[name]["smd_after"]))
        for name, text in TRAITS.items()
        if name in by_trait
    ]


def _means(name: str, row: Row) -> list[str]:
    is_share = name.startswith("is_")
    columns = ("recipient_mean", "control_mean_before", "control_mean_after")
    return [share(row[one]) if is_share else figure(row[one]) for one in columns]


def _apart(difference: float | None) -> str:
    return "not comparable" if difference is None else f"{abs(difference):.3f}"


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
        "weighted, recipients and the others differ by "
        f"{percent(row['held_back_percent'])} (p {figure(row['held_back_p'])})."
    )
