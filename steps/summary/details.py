"""What stands below the ten lines: why, and what else is to be known."""

from collections.abc import Iterator
from pathlib import Path

from adbc_driver_manager.dbapi import Connection

from steps.report.assistant import Assistant, questions, reading
from steps.report.formats import (
    capitalised,
    figure,
    plain_markdown,
    readable_title,
    share,
    words,
)
from steps.report.pushes.wording import VERDICTS
from steps.report.quality import known_until
from warehouse.tables import read

NIGHT = Path("reports/night.md")
CHANGED_BY_PUSH = """
    select lift.title, lift.sent_at, lift.metric, lift.verdict, lift.recipients
    from agg_push_campaign_lift as lift
    cross join (select max(as_of) as as_of from dim_source_systems) as as_of
    where
        lift.verdict in ('significant_up', 'significant_down')
        and lift.sent_at >= as_of.as_of - interval '28 days'
    order by lift.sent_at desc, lift.campaign_key, lift.metric
"""
FAILED_CHECKS = """
    select component, check_name, value_share, recommendation
    from agg_data_quality
    where
        not is_passed and severity in ('error', 'warn')
        and as_of = (select max(as_of) from agg_data_quality)
    order by score, component, check_name
"""
LAGGING = """
    select source_system as component, known_until_at
    from dim_source_systems
    where
        is_configured
        and (
            known_until_at is null
            or known_until_at < as_of - interval '24 hours'
        )
    order by source_system
"""
MODELS = """
    select model, field, accuracy, kappa, compared_answers
    from agg_llm_evaluations
    where not is_good_enough
    order by model, field
"""
TABLES = ["agg_push_campaign_lift", "agg_data_quality", "agg_llm_evaluations"]


def read_details(connection: Connection, assistant: Assistant) -> dict[str, list[str]]:
    """Return what is to be known besides, as sentences by heading.

    Args:
        connection: Opened marts.
        assistant: Those of the assistant.
    """
    details = {
        "Pushes that changed something": list(_pushes(connection)),
        "What failed": list(_lagging(connection)),
        "Alerts": [*_checks(connection), *_models(connection)],
    }
    if assistant.is_loaded:
        details["The assistant"] = [reading(assistant)] + [
            f"{one.text} {' '.join(one.sentences) or 'Nothing can be told yet.'}"
            for one in questions(assistant)
        ]
    return {heading: lines for heading, lines in details.items() if lines}


def failed_night() -> str | None:
    """Return the heading of the night's page, if the last one failed."""
    try:
        text = NIGHT.read_text(encoding="utf-8", errors="replace")
    except OSError:  # there was none, or nobody may read of it
        return None
    heading = text.partition("\n")[0]
    return heading.lstrip("# ") if heading.endswith("FAILED") else None


def _pushes(connection: Connection) -> Iterator[str]:
    for row in read(connection, CHANGED_BY_PUSH).to_pylist():
        title = plain_markdown(readable_title(row["title"]))
        yield (
            f"{row['sent_at']:%Y-%m-%d} {title}, {words(row['metric'])}: "
            f"{VERDICTS[row['verdict']]} (n {figure(row['recipients'])})"
        )


def _lagging(connection: Connection) -> Iterator[str]:
    for row in read(connection, LAGGING).to_pylist():
        yield capitalised(known_until(row))


def _checks(connection: Connection) -> Iterator[str]:
    for row in read(connection, FAILED_CHECKS).to_pylist():
        yield (
            f"{words(row['component'])}, {words(row['check_name'])}: "
            f"{share(row['value_share'])}. {row['recommendation'] or ''}"
        ).strip()


def _models(connection: Connection) -> Iterator[str]:
    for row in read(connection, MODELS).to_pylist():
        yield (
            f"The model {row['model']} is not good enough at {words(row['field'])}: "
            f"right in {share(row['accuracy'])} of {figure(row['compared_answers'])}, "
            f"kappa {figure(row['kappa'])}. Do not trust what it read of that."
        )
