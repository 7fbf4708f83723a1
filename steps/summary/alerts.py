"""Which alerts Slack was told: the table `production.told_alerts`, a row per message.

An alert that opens is told once, and once that it is resolved; one that opens again is
told again. It counts as told once the message has arrived: a run that is killed before
tells it when it is repeated. Of an alert the newest row counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from adbc_driver_manager.dbapi import Connection

from steps.status.alerts import Alert
from warehouse.connection import connect_existing
from warehouse.one_writer import one_writer
from warehouse.tables import create_table, denial_explained, existing_tables, read

TABLE = "production.told_alerts"
OPEN, RESOLVED = "open", "resolved"
COLUMNS = {"alert_id": "text", "state": "text", "told_at": "timestamptz"}
TOLD = f"""
    select alert_id, state
    from (
        select
            *, row_number() over (partition by alert_id order by told_at desc) as newest
        from {TABLE}
    ) as messages
    where newest = 1
"""  # noqa: S608 - our own name


@contextmanager
def untold(url: str, alerts: list[Alert]) -> Iterator[list[Alert]]:
    """Give the alerts whose state nobody was told; it counts as told at the end.

    Args:
        url: Of the warehouse.
        alerts: All there are.

    Raises:
        UserError: the warehouse may not be written, or somebody else writes to it.
    """
    with connect_existing(url, is_read_only=True) as connection:
        if not _news(connection, alerts):
            yield []
            return
    with one_writer(url, "summary"), connect_existing(url) as connection:
        new = _news(connection, alerts)
        if not new:  # another has told them meanwhile
            yield []
            return
        rows = ", ".join(f"('{one.alert_id}', '{_state(one)}')" for one in new)
        note = (
            f"insert into {TABLE} select alert_id, state, now() "  # noqa: S608
            f"from (values {rows}) as news (alert_id, state)"
        )
        with connection.cursor() as cursor:
            # what cannot be noted is not told
            create_table(connection, TABLE, COLUMNS)
            with denial_explained(connection, "write to the schema production"):
                cursor.execute(f"{note} where false")
            yield new
            cursor.execute(note)
        connection.commit()


def _news(connection: Connection, alerts: list[Alert]) -> list[Alert]:
    """Return those of which another state was told; an end alone is no news."""
    told = {}
    if TABLE in existing_tables(connection):
        rows = read(connection, TOLD).to_pylist()
        told = {row["alert_id"]: row["state"] for row in rows}
    return [
        alert for alert in alerts if told.get(alert.alert_id, RESOLVED) != _state(alert)
    ]


def _state(alert: Alert) -> str:
    return RESOLVED if alert.resolved_at else OPEN
