"""How a report words what the data are worth: rows of agg_data_quality."""

from datetime import UTC

from steps.report.formats import share, words
from steps.report.wording import Row

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
