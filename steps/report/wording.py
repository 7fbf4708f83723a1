"""How a report writes verdicts: one wording for every output."""

from datetime import UTC
from typing import Any

from steps.parameters import PushParameters
from steps.report.formats import NOTHING, change, figure, percent, share, words
from warehouse.text import clean

Row = dict[str, Any]

TOO_LITTLE_DATA = ("too_few_events", "degenerate", "not_computed", "not_tracked")
CHANGED = ("significant_up", "significant_down")
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
    "degenerate": "nothing to compare",
    "not_computed": "not computed yet: run make lift",
    "not_tracked": "not known: PostHog is not loaded",
}
DESIGNS = {
    "T1": "people held out at random",
    "T2a": "similar people who got no push",
    "T2b": "similar people who get no pushes, corrected by earlier weeks",
    "T3": "nobody",
    None: NOTHING,
}
REASONS = {
    "no_controls": "no comparable people who got no push",
    "matched_share": "too many recipients have no counterpart without a push",
    "ess": "too few comparable people without a push",
    "balance": "the people without a push were not similar enough before it",
    "held_back": "the people without a push already differed in the months before",
    "no_history": "the data do not reach back far enough to check the comparison",
    "placebo_short": "too few earlier weeks to check the comparison",
    "srm": "the held-out group does not have its planned size",
    None: "no valid comparison",
}
SYSTEMS = {
    "push": "the cadence database",
    "push_files": "the folders of push files",
    "app": "the app database",
    "posthog": "PostHog",
    "chemlink": "ChemLink",
    "kratos": "Kratos",
    "engagement": "the engagement platform",
}


def push_title(row: Row) -> str:
    """Write what is to be seen of a title in one line, or the key if there is none."""
    return " ".join((clean(row["title"] or "") or row["campaign_key"]).split())


def layer(row: Row) -> str:
    """Name the layer of a campaign or of a summary."""
    if row["layer_id"] is None:
        return "No layer"
    return f"Layer {row['layer_id']} {row['layer_name'] or ''}".strip()


def interval(row: Row, value: str, low: str, high: str) -> str:
    """Write a lift of a row with its interval, given the names of the columns."""
    if row[low] is None:
        return change(row[value])
    return f"{change(row[value])} ({change(row[low])} to {change(row[high])})"


def has_too_little_data(row: Row) -> bool:
    """Tell whether a row has too little data to show anything."""
    return row["verdict"] in TOO_LITTLE_DATA


def adjusted_size(row: Row) -> str:
    """Write the adjusted lift with its interval: in percent, where that is defined."""
    if row["adjusted_percent"] is None:
        bounds = f"{change(row['adjusted_low'])} to {change(row['adjusted_high'])}"
        return f"{change(row['adjusted_lift'])} per recipient and day ({bounds})"
    if row["adjusted_percent_low"] is None:
        return percent(row["adjusted_percent"])
    low, high = row["adjusted_percent_low"], row["adjusted_percent_high"]
    bounds = f"{percent(low)} to {percent(high)}"
    return f"{percent(row['adjusted_percent'])} ({bounds})"


def verdict(row: Row) -> str:
    """Say in words what a row shows, and never more than its verdict column."""
    status = row["verdict"]
    if status in CHANGED:
        others = "together with other pushes, " if row["is_contaminated"] else ""
        return f"{others}{VERDICTS[status]}: {adjusted_size(row)}"
    if status in ("inconclusive", "underpowered"):
        return VERDICTS[status] + _detectable(row)
    if status == "degenerate":
        return "nothing differs" if row["recipients"] else "no recipients"
    return short_verdict(row)


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
            f"another push within {parameters.post_hours} hours: the numbers belong to "
            "all these pushes together."
        )
    if row["is_baseline_stable"] is False:
        texts.append(
            "The weeks before were not steady, so before/after says even less."
        )
    return texts


def outcome(rows: list[Row]) -> str:
    """Sum up a campaign in one line: what changed, and how many results did not."""
    changed = [row for row in rows if row["verdict"] in CHANGED]
    if changed:
        return ", ".join(map(_changed, changed))
    # the first of the verdicts says most about the campaign
    return short_verdict(min(rows, key=verdict_order))


def verdict_order(row: Row) -> int:
    """Rank verdicts by how much they say, the most first."""
    return list(VERDICTS).index(row["verdict"])


def known_until(row: Row) -> str:
    """Say until when a system is known, given its row of agg_data_quality."""
    system = SYSTEMS[row["component"]]
    if row["known_until_at"] is None:
        return f"{system} was never loaded whole"
    moment = row["known_until_at"].astimezone(UTC)
    return f"{system} is known until {moment:%Y-%m-%d %H:%M} UTC"


def quality_result(row: Row) -> str:
    """Say how a row of agg_data_quality compares with what it should be."""
    if row["is_passed"] is None:
        return "not judged"
    result = "passed" if row["is_passed"] else "failed"
    return f"{result} ({words(row['passes_when'])} {share(row['threshold'])})"


def _comparison(row: Row, parameters: PushParameters) -> list[str]:
    texts = [f"Compared with {figure(row['controls'])} {DESIGNS[row['design_tier']]}."]
    if row["matched_share"] < parameters.full_matched_share:
        texts.append(
            f"That holds for the {share(row['matched_share'])} of recipients who have "
            "a counterpart without a push."
        )
    if row["is_placebo_passed"] is False:
        texts.append(
            "The same comparison also finds differences in weeks without this push: "
            "read it with care."
        )
    return texts


def _changed(row: Row) -> str:
    direction = "more" if row["verdict"] == "significant_up" else "fewer"
    details = []
    if row["adjusted_percent"] is not None:
        details.append(f"{row['adjusted_percent']:+,.0f}%")
    if row["is_contaminated"]:
        details.append("together with other pushes")
    return f"{direction} {words(row['metric'])} ({', '.join(details)})"


def _detectable(row: Row) -> str:
    smallest = row["adjusted_detectable_percent"]
    return (
        ""
        if smallest is None
        else f" (a change under {smallest:,.0f}% would hardly show)"
    )
