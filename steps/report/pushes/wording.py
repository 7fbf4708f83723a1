"""How a report writes verdicts: one wording for every output."""

from steps.parameters import PushParameters
from steps.report.formats import (
    NOTHING,
    Row,
    change,
    figure,
    percent,
    readable_title,
    share,
    words,
)

TOO_LITTLE_DATA = ("too_few_events", "degenerate", "not_computed", "not_tracked")
CHANGED = ("significant_up", "significant_down")
UNDECIDED = ("inconclusive", "underpowered")
# less takes off at most a twentieth of an effect, far less than an interval is wide
DILUTION_WORTH_TELLING = 0.05
VERDICTS = {
    "significant_up": "the push raised it",
    "significant_down": "the push lowered it",
    "inconclusive": "inconclusive: cannot tell",
    "underpowered": "too small to tell",
    "descriptive_only": "no causal claim",
    "invalid_srm": "no claim: the held-out group does not have its planned size",
    "incomplete": (
        "too early to tell: the window after the push is still open, or not loaded yet"
    ),
    "too_few_events": "too few events to say anything",
    "too_few_sends": "fewer than two of its sends can be compared",
    "degenerate": "nothing to compare",
    "not_computed": "not computed yet: run make lift",
    "not_tracked": "not known: PostHog is not loaded",
}
DESIGNS = {
    "T1": "people held out at random",
    "T2a": "similar people who were not sent it then",
    "T2b": "similar people who get no pushes, corrected by earlier weeks",
    "T3": "nobody",
    None: NOTHING,
}
REASONS = {
    "no_controls": "nobody without this push to compare with",
    "matched_share": "too many recipients have no similar people without this push",
    "no_weights": "no weights make people without this push look like the recipients",
    "ess": "too few people without this push carry the whole comparison",
    "balance": "people without this push differ from the recipients even when weighted",
    "held_back": "people without this push already differed in the months before",
    "no_history": "the data do not reach back far enough to check the comparison",
    "placebo_short": "too few earlier weeks to check the comparison",
    "srm": "the held-out group does not have its planned size",
    None: "no valid comparison",
}
CAP_SENSITIVITY = {
    "stable": "With every event counted it reads the same.",
    "significance_change": (
        "With every event counted the test of this result alone comes out otherwise: a "
        "few very active people weigh much. The verdict is of the capped count."
    ),
    "sign_change": (
        "With every event counted even the direction is another: a few very active "
        "people weigh much. The verdict is of the capped count."
    ),
}


def push_title(row: Row) -> str:
    """Write the title of a campaign as people read it, or its key if there is none."""
    return readable_title(row["title"]) or row["campaign_key"]


def layer(row: Row) -> str:
    """Name the layer of a campaign or of a summary."""
    if row["layer_id"] is None:
        return "No layer"
    return f"Layer {row['layer_id']} {row['layer_name'] or ''}".strip()


def interval(row: Row, value: str, low: str, high: str) -> str:
    """Write a lift of a row with its interval, without which it is not told."""
    if row[low] is None:
        return NOTHING
    return f"{change(row[value])} ({change(row[low])} to {change(row[high])})"


def adjusted_lift(row: Row) -> str:
    """Write the adjusted lift, if there is an interval that says what it is worth."""
    if row["adjusted_low"] is None:
        return NOTHING
    return interval(row, "adjusted_lift", "adjusted_low", "adjusted_high")


def points(row: Row) -> str:
    """Write the difference in the share of active people, in percentage points."""
    if row["active_points_low"] is None:
        return NOTHING
    low, high = row["active_points_low"], row["active_points_high"]
    return f"{row['active_points']:+.1f} points ({low:+.1f} to {high:+.1f})"


def has_too_little_data(row: Row) -> bool:
    """Tell whether a row has too little data to show anything."""
    return row["verdict"] in TOO_LITTLE_DATA


def size(row: Row, lift: str = "adjusted") -> str:
    """Write a lift with its interval: in percent, where both are defined.

    Args:
        row: A row with the lift.
        lift: What the names of its columns begin with.
    """
    if row[f"{lift}_percent_low"] is None:
        value = interval(row, f"{lift}_lift", f"{lift}_low", f"{lift}_high")
        return f"{value} per recipient and day"
    low, high = row[f"{lift}_percent_low"], row[f"{lift}_percent_high"]
    bounds = f"{percent(low)} to {percent(high)}"
    return f"{percent(row[f'{lift}_percent'])} ({bounds})"


def verdict(row: Row) -> str:
    """Say in words what a row shows, and never more than its verdict column."""
    status = row["verdict"]
    if status in CHANGED:
        bound = ", lower bound" if is_diluted(row) else ""
        return f"{together(row)}{VERDICTS[status]}{bound}: {size(row)}"
    if status in UNDECIDED:
        return VERDICTS[status] + detectable(row["adjusted_detectable_percent"])
    if status == "degenerate":
        return "nothing differs" if row["recipients"] else "no recipients"
    return short_verdict(row)


def together(row: Row) -> str:
    """Begin what a push did by saying that other pushes did it too, if so."""
    return "together with other pushes, " if row["is_contaminated"] else ""


def is_diluted(row: Row) -> bool:
    """Tell whether controls have so much of the push that a lift is a lower bound."""
    return (row["dilution_share"] or 0) >= DILUTION_WORTH_TELLING


def short_verdict(row: Row) -> str:
    """Say the same without numbers: what counts of results can be made of."""
    status = row["verdict"]
    if status == "descriptive_only":
        return f"{VERDICTS[status]}: {REASONS[row['design_reason']]}"
    return VERDICTS[status]


def notes(row: Row, parameters: PushParameters) -> list[str]:
    """Say what else a reader must know to read a result rightly."""
    texts = []
    if row["adjusted_low"] is not None:
        texts += _comparison(row, parameters)
    if row["is_contaminated"]:
        texts.append(
            f"{share(parameters.max_overlapping_share)} of the recipients or more got "
            f"another push in the {parameters.post_hours} hours before: the numbers "
            "belong to all these pushes together."
        )
    if row["is_baseline_stable"] is False:
        texts.append(
            "The weeks before were not steady, so before/after says even less."
        )
    return texts


def outcome(rows: list[Row], lift: str = "adjusted") -> str:
    """Sum up a campaign or a series in one line: what changed, or why nothing did.

    Args:
        rows: Its results, one per metric.
        lift: What the names of the columns of their lift begin with.
    """
    changed = [row for row in rows if row["verdict"] in CHANGED]
    if changed:
        return ", ".join(_changed(row, lift) for row in changed)
    # the first of the verdicts says most about the campaign
    return short_verdict(min(rows, key=verdict_order))


def verdict_order(row: Row) -> int:
    """Rank verdicts by how much they say, the most first."""
    return list(VERDICTS).index(row["verdict"])


def detectable(smallest: float | None) -> str:
    """Write what an undecided result could have shown, as the end of a sentence."""
    return (
        ""
        if smallest is None
        else f" (a change under {smallest:,.0f}% would hardly show)"
    )


def _comparison(row: Row, parameters: PushParameters) -> list[str]:
    texts = [
        f"Compared with {figure(row['controls'])} {DESIGNS[row['design_tier']]}.",
        _cap(row["adjusted_cap"]),
    ]
    sensitivity = row["cap_sensitivity"]
    # the direction of what cannot be told from chance is chance too
    if sensitivity == "significance_change" or row["verdict"] in CHANGED:
        texts.append(CAP_SENSITIVITY[sensitivity])
    if is_diluted(row):
        texts.append(
            "A lower bound: of the hours after, "
            f"{share(row['dilution_share'])} came after the people it is compared with "
            "had been sent this push too."
        )
    if row["matched_share"] < parameters.full_matched_share:
        texts.append(
            f"That holds for the {share(row['matched_share'])} of recipients who have "
            "similar people to be compared with."
        )
    if row["is_placebo_passed"] is False:
        texts.append(
            "The same comparison also finds differences in weeks without this push: "
            "read it with care."
        )
    return texts


def _cap(most: int) -> str:
    if most == 1:
        return "The headline is the share who did it at all: one event a person counts."
    return f"The headline counts at most {figure(most)} events a person."


def _changed(row: Row, lift: str) -> str:
    direction = "more" if row["verdict"] == "significant_up" else "fewer"
    details = []
    value, low, high = (row[f"{lift}_percent{end}"] for end in ("", "_low", "_high"))
    if low is not None:
        details.append(f"{value:+,.0f}%, from {low:+,.0f}% to {high:+,.0f}%")
    if row["is_contaminated"]:
        details.append("together with other pushes")
    if is_diluted(row):
        details.append("a lower bound")
    text = f"{direction} {words(row['metric'])}"
    return f"{text} ({', '.join(details)})" if details else text
