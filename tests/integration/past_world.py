"""The sources as they stood on a day of the past, and how they went on."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2

from demo.sources import DATABASE_VARIABLES
from stand_ins import posthog
from tests.conftest import execute

BORN = ("created_at", "sent_at", "issued_at", "read_at", "started_at")
MAY_LIE_AHEAD = ("expires_at", "expiry", "authenticated_at", "started_at")
SETTLED = timedelta(minutes=10)  # the loader leaves the newest events for later

# What happens later to rows that are there already, by database.
LATER = {
    "chemlink": """
        update persons set
            has_finder = not has_finder, first_name = null, linked_in_url = null,
            headline_description = 'Now something else entirely',
            email = 'moved.' || email,
            updated_at = timestamptz '{moment}' + id * interval '1 hour'
        where id % 4 = 0 and created_at <= '{moment}';
        insert into persons (
            id, person_id, kratos_id, email, first_name, has_finder, created_at
        )
        select
            id + 100000, md5(person_id::text)::uuid, kratos_id, upper(email), 'Twin',
            true, timestamptz '{moment}' + interval '2 days'
        from persons where id % 4 = 1;
        update collections set
            privacy = case privacy when 'PUBLIC' then 'PRIVATE' else 'PUBLIC' end,
            updated_at = timestamptz '{moment}' + interval '1 day'
        where id % 2 = 0 and created_at <= '{moment}';
        update glossary set
            description = 'Explained anew',
            updated_at = timestamptz '{moment}' + interval '1 day'
        where id % 2 = 0;
        insert into glossary (id, term, description, created_at)
        values (
            100000, 'Later', 'A word of tomorrow',
            timestamptz '{moment}' + interval '1 day'
        );
    """,
    "engagement": """
        update persons set
            email = 'moved.' || email, external_id = null,
            updated_at = timestamptz '{moment}' + interval '3 days'
        where id::text < '5' and created_at <= '{moment}';
        insert into persons (id, email, created_at)
        select
            md5(id::text)::uuid, lower(email),
            timestamptz '{moment}' + interval '2 days'
        from persons where id::text > 'b';
        update reports set
            status = 'dismissed',
            reviewed_at = timestamptz '{moment}' + interval '1 day'
        where created_at <= '{moment}' and coalesce(reviewed_at > '{moment}', true);
    """,
    "app": """
        insert into users (
            id, email, created_at, is_trusted_trader, completed_trades_count
        )
        select
            md5(id::text)::uuid, email, timestamptz '{moment}' + interval '2 days',
            false, 0
        from users where id::text > 'b';
    """,
    "assistant": """
        update conversations set deleted_at = timestamptz '{moment}' + interval '1 day'
        where
            id::text < '5' and started_at <= '{moment}'
            and coalesce(deleted_at > '{moment}', true);
        insert into users (id, email, created_at)
        select
            md5(id::text)::uuid, lower(email),
            timestamptz '{moment}' + interval '2 days'
        from users where id::text > 'b';
    """,
}


class PastWorld:
    """Copies of the demo's sources that stand still at a moment, until they go on.

    Attributes:
        environment: the variables that make the loaders read them.
    """

    def __init__(self, originals: dict[str, str], moment: datetime) -> None:
        """Copy the databases and take back what happened later."""
        self._originals = originals
        self._moment = moment
        self.environment = dict(originals)
        self._stand_still(moment)
        for variable, name in DATABASE_VARIABLES.items():
            url = self._copy(variable, name)
            for statement in _taking_back(url, moment):
                execute(url, statement)
            self.environment[variable] = url

    def now(self) -> datetime:
        """Return the time of the PostHog project."""
        return self._now

    def go_on(self) -> None:
        """Let everything happen that happened later in the demo, and more."""
        self._stand_still(self._moment + timedelta(days=100))
        for variable, name in DATABASE_VARIABLES.items():
            url = self._copy(variable, name)
            if name in LATER:
                execute(url, LATER[name].format(moment=self._moment))

    def _stand_still(self, moment: datetime) -> None:
        self._now = moment + SETTLED
        self.environment["SOURCES_COPIED_AT"] = moment.isoformat()

    def _copy(self, variable: str, name: str) -> str:
        """Make a copy of a database, in the place of an older one."""
        original = self._originals[variable]
        server = original.replace(f"/{name}?", "/postgres?")
        with closing(psycopg2.connect(server)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(f"drop database if exists past_{name}")
            cursor.execute(f"create database past_{name} template {name}")
        return original.replace(f"/{name}?", f"/past_{name}?")


def _taking_back(url: str, moment: datetime) -> Iterator[str]:
    """Yield statements that undo what happened in a database after a moment."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select table_name, array_agg(column_name::text) "
            "from information_schema.columns where table_schema = 'public' "
            "and data_type = 'timestamp with time zone' group by 1"
        )
        times = dict(cursor.fetchall())
        cursor.execute(
            "select table_name from information_schema.columns where "
            "table_schema = 'public' and data_type = 'integer' "
            "and column_name = 'deleted_at'"
        )
        counted = [table for (table,) in cursor.fetchall()]
    for table, columns in times.items():
        born = next(column for column in BORN if column in columns)
        yield f"delete from {table} where {born} > '{moment}'"
        for column in {*columns} - {born, *MAY_LIE_AHEAD}:
            before = born if column == "updated_at" else "null"
            yield f"update {table} set {column} = {before} where {column} > '{moment}'"
    for table in counted:
        yield (
            f"update {table} set deleted_at = 0 "
            f"where to_timestamp(deleted_at) > '{moment}'"
        )
    if "reports" in times:
        yield "update reports set status = 'open' where reviewed_at is null"
    if "service_jobs" in times:
        yield (
            "update service_jobs set status = 'running', credits_used = 0, "
            "error_code = null where started_at is not null and completed_at is null"
        )


@contextmanager
def past_world(
    originals: dict[str, str], posthog_files: Path, moment: datetime
) -> Iterator[PastWorld]:
    """Serve the sources as they stood at a moment."""
    past = PastWorld(originals, moment)
    with posthog.running(posthog_files, past.now) as address:
        past.environment["POSTHOG_HOST"] = address.host
        yield past
