"""How a report writes numbers and results: one wording for terminal and page."""

from typing import Any

Row = dict[str, Any]

NOTHING = "–"
SMALLEST_SHOWN_Q = 0.001
REASONS = {
    None: "not computed yet: run make lift",
    "too_few_recipients": "too few recipients",
    "too_few_events": "too few events",
}


def rate(value: float | None) -> str:
    """Write a number of events per recipient and day."""
    return NOTHING if value is None else f"{value:.4f}"


def change(value: float | None) -> str:
    """Write a difference of rates, with its sign."""
    return NOTHING if value is None else f"{value:+.4f}"


def percent(value: float | None) -> str:
    """Write a change in percent, with its sign."""
    return NOTHING if value is None else f"{value:+,.1f} %"


def q_value(value: float | None) -> str:
    """Write a q-value."""
    if value is None:
        return NOTHING
    if value < SMALLEST_SHOWN_Q:
        return f"< {SMALLEST_SHOWN_Q}"
    return f"{value:.3f}"


def words(name: str) -> str:
    """Turn a name of the warehouse into words: `offers_created`, Offers created."""
    return name.replace("_", " ").capitalize()


def layer(row: Row) -> str:
    """Name the layer of a campaign."""
    if row["layer_id"] is None:
        return "No layer"
    return f"{row['layer_id']} {row['layer_name'] or ''}".strip()


def reading(row: Row, false_discovery_rate: float) -> str:
    """Say in words what a row shows, and never more than it shows."""
    status = row["observed_status"]
    if status == "degenerate":
        return "nothing differs" if row["n"] else "no recipients"
    if status != "ok":
        return REASONS[status]
    if row["q_value"] > false_discovery_rate:
        return "no clear change"
    return "more than before" if row["lift_mean"] > 0 else "less than before"
