"""Which alerts Slack was told: the table `production.told_alerts`, a row per alert.

An alert that opens is told once, and once that it is resolved; one that opens again is
told again. It counts as told once the message has arrived: a run that is killed before
tells it when it is repeated.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from adbc_driver_manager.dbapi import Connection

from steps.status.alerts import Alert
from warehouse.connection import connect_existing
from warehouse.one_writer import one_writer
from warehouse.tables import denial_explained, existing_tables, read

TABLE = "production.told_alerts"
OPEN, RESOLVED = "open", "resolved"
CREATE = (
    "create schema if not exists production",
    f"create table {TABLE} (alert_id text, state text, told_at timestamptz)",
)


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
        # what cannot be noted is not told
        with (
            denial_explained(connection, "write to the schema production"),
            connection.cursor() as cursor,
        ):
            if TABLE not in existing_tables(connection):
                for statement in CREATE:
                    cursor.execute(statement)
            for alert in new:
                key = f"'{alert.alert_id}'"
                cursor.execute(f"delete from {TABLE} where alert_id = {key}")  # noqa: S608
                cursor.execute(
                    f"insert into {TABLE} values ({key}, '{_state(alert)}', now())"  # noqa: S608
                )
        yield new
        connection.commit()


def _news(connection: Connection, alerts: list[Alert]) -> list[Alert]:
    """Return those of which another state was told; an end alone is no news."""
    told = {}
    if TABLE in existing_tables(connection):
        rows = read(connection, f"select alert_id, state from {TABLE}")  # noqa: S608
        told = {row["alert_id"]: row["state"] for row in rows.to_pylist()}
    return [
        alert for alert in alerts if told.get(alert.alert_id, RESOLVED) != _state(alert)
    ]


def _state(alert: Alert) -> str:
    return RESOLVED if alert.resolved_at else OPEN
