"""How a report words what the data are worth: rows of agg_data_quality."""

from datetime import UTC

from steps.report.formats import Row, capitalised, share, words

SYSTEMS = {
    "push": "the cadence database",
    "push_files": "the folders of push files",
    "app": "the app database",
    "posthog": "PostHog",
    "chemlink": "ChemLink",
    "kratos": "Kratos",
    "engagement": "the engagement platform",
    "assistant": "the assistant",
}
# what a failed check of each score means for whoever reads a page
CONSEQUENCES = {
    "extraction": "Pushes or their recipients are missing from the results.",
    "event": "People did more than is counted, so effects look smaller than they are.",
    "event_days": "Of days without events nobody knows what people did.",
    "identity": "One person may count as several.",
    "identity_links": "One person may count as several.",
    "orphans": "Rows without the row they belong to are counted for nobody.",
    "soft_deletes": "What was deleted is counted no more, also of the past.",
    "dates": "What has a wrong time is counted at the wrong time or not at all.",
    "row_changes": "Totals fell because rows are gone, not because people did less.",
    "freshness": "What ended later is open.",
}
MOST_COMPONENTS = 3


def is_of_data(row: Row) -> bool:
    """Tell whether a row of agg_data_quality says that something is wrong with data.

    A total says nothing that its checks do not, and small pushes are no fault of data.
    """
    return (
        row["is_passed"] is False
        and row["score"] in CONSEQUENCES
        and row["component"] != "total"
    )


def problem(rows: list[Row]) -> str:
    """Say what a failed check found, what follows from it and what to do.

    Args:
        rows: Its failed rows of agg_data_quality, one for each component.
    """
    first, *others = rows
    if first["check_name"] == "system_known":
        found = "; ".join(map(known_until, rows))
    else:
        shown = ", ".join(words(row["component"]) for row in rows[:MOST_COMPONENTS])
        if len(rows) > MOST_COMPONENTS:
            shown += f" and {len(rows) - MOST_COMPONENTS} more"
        measured = "" if others else f": {_measured(first, 'value_share')}"
        required = f"{words(first['passes_when'])} {_measured(first, 'threshold')}"
        found = f"{words(first['check_name'])} of {shown}{measured}, not {required}"
    consequence = CONSEQUENCES[first["score"]]
    advice = first["recommendation"] or ""
    return f"{capitalised(found)}. {consequence} {advice}".rstrip()


def known_until(row: Row) -> str:
    """Say until when a system is known, given its row of agg_data_quality."""
    system = SYSTEMS[row["component"]]
    if row["known_until_at"] is None:
        return f"{system} was never loaded whole"
    moment = row["known_until_at"].astimezone(UTC)
    return f"{system} is known until {moment:%Y-%m-%d %H:%M} UTC"


def _measured(row: Row, column: str) -> str:
    """Write a value of a check: freshness is days, all else a share."""
    if row["score"] == "freshness":
        return f"{row[column]:.3g} days"
    return share(row[column])
