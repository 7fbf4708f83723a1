"""A small warehouse that was loaded and built, with people to erase.

Ann is in all systems, Bob and Cid share a device, Dan and Dot an address, and Eve is
known to PostHog alone.
"""

import hashlib
import hmac
import shutil
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from loaders.load import create_missing
from steps.erase.person import IDENTITIES_MODEL
from tests.steps.warehouses import mart_table, write_tables
from warehouse.connection import connect, duckdb_path, is_duckdb
from warehouse.origins import hash_key_id
from warehouse.settings import Settings
from warehouse.states import SUCCESS, record

HASH_KEY = "a key for all tests"
SOURCES = ("neon", "chemlink", "engagement", "assistant", "posthog")
HISTORY = "history.chemlink_persons_history"
ANSWERS = tuple(
    f"insights.{table}" for table in ("facets", "calls", "facet_items", "theme_notes")
)
AT = "timestamptz '2026-01-01 00:00:00+00'"
DIGITS = {"ann": 1, "bob": 2, "cid": 3, "dan": 4, "dot": 5}
USERS = {
    name: f"00000000-0000-4000-8000-00000000000{digit}"
    for name, digit in DIGITS.items()
}
ADDRESSES = {name: f"{name}@mail.example" for name in ("ann", "bob", "cid")} | {
    name: "both@mail.example" for name in ("dan", "dot")
}
PUBLIC, DANS, LOGIN, MEMBER = (
    f"00000000-0000-4000-8000-0000000000{digits}" for digits in ("a1", "a4", "b1", "c1")
)
TALKER, TALK = "usr_ann", "talk_of_ann"  # what the assistant calls Ann
DEVICES = {  # PostHog's distinct ids, and whose person they are of
    USERS["ann"]: "person ann",
    ADDRESSES["ann"]: "person ann",
    "phone of ann": "person ann",
    USERS["bob"]: "person both",
    USERS["cid"]: "person both",
    "tablet of both": "person both",
    "phone of eve": "person eve",
    "laptop of eve": "person eve",
}


def keyed_hash(value: str) -> str:
    """Return what the loaders make of a value, computed apart."""
    return hmac.new(HASH_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


def rows() -> dict[str, list[dict[str, str]]]:
    """Return the rows of each table, values as SQL."""

    def text(value: str) -> str:
        return f"'{value}'"

    def hashed(value: str) -> str:
        return f"'{keyed_hash(value)}'"

    account = {"created_at": AT}
    return {
        "staging_neon.users": [
            account
            | {
                "id": text(USERS[name]),
                "id_hash": hashed(USERS[name]),
                "email_hash": hashed(ADDRESSES[name]),
            }
            for name in USERS
        ],
        "staging_neon.user_notifications": [
            {
                "id": text(USERS[name]),
                "user_id": text(USERS[name]),
                "user_id_hash": hashed(USERS[name]),
                "sent_at": AT,
            }
            for name in ("ann", "bob")
        ],
        "staging_neon.offers": [
            {
                "id": "'offer'",
                "creator_user_id": text(USERS["ann"]),
                "receiver_user_id": text(USERS["bob"]),
                "is_offer_idea": "false",
            }
        ],
        "staging_chemlink.persons": [
            account
            | {
                "id": str(DIGITS[name]),
                "person_id": text(public),
                "person_id_hash": hashed(public),
                "kratos_id": text(LOGIN),
                "email_hash": hashed(ADDRESSES[name]),
            }
            # Dan has a profile with the login of Ann
            for name, public in (("ann", PUBLIC), ("dan", DANS))
        ],
        "staging_chemlink.experiences": [
            {"id": "1", "person_id": "1"},
            {"id": "2", "person_id": "4"},
        ],
        "staging_chemlink.sessions": [{"id": text(LOGIN), "identity_id": text(LOGIN)}],
        "staging_engagement.persons": [
            account
            | {
                "id": text(MEMBER),
                "id_hash": hashed(MEMBER),
                "external_id": text(PUBLIC),
                "external_id_hash": hashed(PUBLIC),
            }
        ],
        "staging_engagement.posts": [{"id": text(LOGIN), "person_id": text(MEMBER)}],
        "staging_assistant.users": [
            account
            | {
                "id": text(TALKER),
                "id_hash": hashed(TALKER),
                "email_hash": hashed(ADDRESSES["ann"]),
            }
        ],
        "staging_assistant.conversations": [
            {"id": text(TALK), "user_id": text(TALKER), "created_at": AT}
        ],
        "staging_assistant.messages": [{"id": "'hi'", "conversation_id": text(TALK)}],
        "staging_assistant.service_jobs": [{"id": "'job'", "user_id": text(TALKER)}],
        "staging_assistant.user_actions": [{"id": "'share'", "user_id": text(TALKER)}],
        "staging_posthog.person_distinct_ids": [
            {"distinct_id_hash": hashed(one), "person_id": text(person)}
            for one, person in DEVICES.items()
        ],
        "staging_posthog.persons": [
            {"id": text(person)} for person in sorted(set(DEVICES.values()))
        ],
        "staging_posthog.events": [
            {
                "uuid": text(f"00000000-0000-4000-8000-0000000000d{number}"),
                "event": "'$screen'",
                "distinct_id_hash": hashed(one),
                "person_id": text(person),
                "timestamp": AT,
                "created_at": AT,
                "session_id": text(f"session {number}"),
            }
            for number, (one, person) in enumerate(DEVICES.items())
        ],
    }


# What dbt would match: Ann's ids with ChemLink's, and Eve's with each other.
OWNERS = {
    USERS["ann"]: PUBLIC,
    ADDRESSES["ann"]: PUBLIC,
    TALKER: PUBLIC,
    "phone of ann": PUBLIC,
    "laptop of eve": "phone of eve",
}
OWNER_KEYS = " ".join(
    f"when '{keyed_hash(one)}' then '{keyed_hash(owner)}'"
    for one, owner in OWNERS.items()
)
BUILD = (
    "drop table if exists intermediate.int_accounts",
    "drop table if exists core.bridge_user_identities",
    """
    create table intermediate.int_accounts as
    select 'app' as source_system, cast(id as varchar) as source_id, email_hash
    from staging_neon.users
    union all
    select 'chemlink', cast(id as varchar), email_hash from staging_chemlink.persons
    union all
    select 'engagement', cast(id as varchar), email_hash
    from staging_engagement.persons
    union all
    select 'assistant', id, email_hash from staging_assistant.users
    """,
    f"""
    create table core.bridge_user_identities as
    select
        'chemlink' as source_system, cast(id as varchar) as source_id,
        person_id_hash as user_key
    from staging_chemlink.persons
    union all
    select 'engagement', cast(id as varchar), external_id_hash
    from staging_engagement.persons
    union all
    select 'assistant', id, case id_hash {OWNER_KEYS} else id_hash end
    from staging_assistant.users
    union all
    select
        'app', cast(id as varchar),
        case id_hash {OWNER_KEYS} else id_hash end
    from staging_neon.users
    union all
    select
        'posthog', distinct_id_hash,
        case distinct_id_hash {OWNER_KEYS} else distinct_id_hash end
    from (select distinct distinct_id_hash from staging_posthog.events) as events
    where distinct_id_hash <> ''
    """,
)


@dataclass(frozen=True)
class EraseWarehouse:
    """A warehouse and the folder in which commands run."""

    url: str
    folder: Path

    @classmethod
    def make(cls, url: str, folder: Path) -> "EraseWarehouse":
        """Load and build it."""
        warehouse = cls(url, folder)
        with chdir(folder):
            for source in SOURCES:
                create_missing(source, url)
        warehouse.execute(
            *(f"create schema {one}" for one in ("core", "history", "intermediate")),
            f"create table {HISTORY} (person_id bigint, email_hash text)",
            f"insert into {HISTORY} values "
            f"(1, '{keyed_hash('ann@old.example')}'), "
            f"(4, '{keyed_hash(ADDRESSES['ann'])}')",
            "insert into staging_neon._loads (table_name, data_origin, hash_key_id) "
            f"values ('users', 'real', '{hash_key_id(HASH_KEY)}')",
            *(
                f"insert into {table} ({', '.join(row)}) "
                f"values ({', '.join(row.values())})"
                for table, added in rows().items()
                for row in added
            ),
        )
        answer = {"cache_key": "of ann"}
        about = answer | {"user_key": keyed_hash(PUBLIC)}
        kept = zip(ANSWERS, (about, about, answer, answer), strict=True)
        write_tables(
            url,
            {
                name: mart_table(name.replace("insights.", "stg_insights__"), [row])
                for name, row in kept
            },
        )
        with connect(url) as connection:
            record(connection, {f"load.{source}": SUCCESS for source in SOURCES})
            connection.commit()
            record(connection, {IDENTITIES_MODEL: SUCCESS})
            connection.commit()
        warehouse.build()
        return warehouse

    def copy(self, folder: Path, new_database: Callable) -> "EraseWarehouse":
        """Return a warehouse of one's own, equal to this one."""
        if is_duckdb(self.url):
            shutil.copy(duckdb_path(self.url), folder)
            return EraseWarehouse(f"duckdb:///{folder}/warehouse.duckdb", folder)
        name = self.url.partition("?")[0].rpartition("/")[2]
        return EraseWarehouse(new_database(template=name), folder)

    @property
    def settings(self) -> Settings:
        """What its commands are told."""
        return Settings(warehouse_url=self.url, pii_hash_key=HASH_KEY)

    def build(self) -> None:
        """Make its marts anew, as dbt would."""
        self.execute(*BUILD)

    def execute(self, *statements: str) -> None:
        """Change what is in it."""
        with connect(self.url) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()
