"""What people said on a day: read from the source, read only, and kept in memory.

What the contract calls the columns of the source goes here, too. Who has withdrawn the
consent since the last load is left out, and so is what was deleted since.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from adbc_driver_manager.dbapi import Cursor

from loaders.contract import tables_of
from loaders.database import check_tables
from loaders.snapshot import Snapshot, open_snapshot
from loaders.source_columns import read_columns
from steps.insights.candidates import PersonDay
from steps.publish.contents import quoted
from warehouse.errors import UserError

SOURCE = "assistant"
VARIABLE = "ASSISTANT_DATABASE_URL"

# Of each message the role and the text; one that is much too long has two parts.
Conversation = list[tuple[str, list[str]]]
# The SQL that reads a column, by table and column.
Columns = dict[str, dict[str, str]]

# What the source may do without.
DEFAULTS = {
    "users": {
        "name": "null::text",
        "email": "null::text",
        "analytics_consent": "false",
        "deleted_at": "null",
    },
    "conversations": {"deleted_at": "null"},
    "messages": {},
}
USERS = """
    select {account_id}, {name}, {email}
    from (
        select {users[id]} as account_id, {users[name]} as name, {users[email]} as email
        from "users"
        where
            {users[id]} in ({ids})
            and {users[analytics_consent]}
            and {users[deleted_at]} is null
    ) as consenting
"""
# Of a text that is much too long its two ends are read.
MESSAGES = """
    select
        {account_id}, {conversation_id}, {role},
        case when char_length(content) > 2 * {limit} then {head} else {content} end,
        case when char_length(content) > 2 * {limit} then {tail} end
    from (
        select
            {conversations[id]} as conversation_id,
            {conversations[user_id]} as account_id
        from "conversations"
        where
            {conversations[user_id]} in ({ids})
            and {conversations[deleted_at]} is null
    ) as conversations
    inner join (
        select
            {messages[id]} as message_id,
            {messages[conversation_id]} as of_conversation,
            lower({messages[role]}) as role,
            {messages[content]} as content,
            {messages[created_at]} as created_at
        from "messages"
        where
            {messages[created_at]} >= '{day.starts_at}'
            and {messages[created_at]} < '{day.ends_at}'
    ) as messages
        on conversation_id = of_conversation
    where role in ('user', 'assistant') and content <> ''
    order by created_at, message_id
"""


@dataclass
class DayTexts:
    """What one person said on one day, and what was replied.

    Attributes:
        names: what the person is called, and the addresses.
        conversations: in the order of their messages.
    """

    names: list[str] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)


class TextSource:
    """The database in which the conversations are, and stay."""

    def __init__(self, url: str | None, limit: int) -> None:
        """Open nothing yet.

        Args:
            url: Of the database.
            limit: Characters of a text from which on it is read in part.

        Raises:
            UserError: there is no URL.
        """
        if not url:
            raise UserError(
                f"{VARIABLE} is not set: the texts stay in that database and are read "
                "from there"
            )
        self._url = url
        self._limit = limit

    def read(self, days: list[PersonDay]) -> list[tuple[PersonDay, DayTexts]]:
        """Return the texts of people's days, of those that have any.

        Raises:
            UserError: the source cannot be read.
        """
        with open_snapshot(self._url, VARIABLE) as snapshot:
            columns = _columns(snapshot)
            return [
                one
                for _, group in groupby(days, lambda day: day.day)
                for one in self._read_day(snapshot, columns, list(group))
            ]

    def _read_day(
        self, snapshot: Snapshot, columns: Columns, days: list[PersonDay]
    ) -> Iterator[tuple[PersonDay, DayTexts]]:
        """Yield the texts of several people on one day."""
        ids = [account for day in days for account in day.account_ids]
        known = self._users(snapshot, columns, ids)
        messages = self._messages(snapshot, columns, known, days[0])
        for day in days:
            # one account that does not consent speaks for all of a person
            if known.keys() >= set(day.account_ids):
                names = [name for one in day.account_ids for name in known[one]]
                found = [
                    talk for one in day.account_ids for talk in messages.get(one, ())
                ]
                if found:
                    yield day, DayTexts(names, found)

    def _users(
        self, snapshot: Snapshot, columns: Columns, ids: Iterable[str]
    ) -> dict[str, tuple[str, ...]]:
        """Return the names of those who consent, by account."""
        shown = {name: snapshot.text(name) for name in ("account_id", "name", "email")}
        query = USERS.format(**shown, **columns, ids=", ".join(map(quoted, ids)))
        with snapshot.reading("users") as cursor:
            return {
                account: tuple(filter(None, names))
                for account, *names in _decoded(snapshot, cursor, query)
            }

    def _messages(
        self, snapshot: Snapshot, columns: Columns, ids: Iterable[str], day: PersonDay
    ) -> dict[str, list[Conversation]]:
        """Return the conversations of a day by account."""
        quoted_ids = ", ".join(map(quoted, ids)) or "null"
        shown = {
            name: snapshot.text(name)
            for name in ("account_id", "conversation_id", "role", "content")
        }
        query = MESSAGES.format(
            **shown,
            **columns,
            head=snapshot.text(f"left(content, {self._limit})"),
            tail=snapshot.text(f"right(content, {self._limit})"),
            limit=self._limit,
            ids=quoted_ids,
            day=day,
        )
        found: dict[str, dict[str, Conversation]] = {}
        with snapshot.reading("messages") as cursor:
            for account, talk, role, *parts in _decoded(snapshot, cursor, query):
                talks = found.setdefault(account, {})
                talks.setdefault(talk, []).append((role, [one for one in parts if one]))
        return {account: list(talks.values()) for account, talks in found.items()}


def _columns(snapshot: Snapshot) -> Columns:
    """Return the SQL that reads each column, by table and its name in the contract.

    Raises:
        UserError: what is required is missing.
    """
    tables = [table for table in tables_of(SOURCE) if table.name in DEFAULTS]
    readable, problems = check_tables(snapshot, tables)
    if problems:
        raise UserError("; ".join(problems))
    columns = {
        one.table.name: DEFAULTS[one.table.name]
        | {column.name: column.expression for column in one.present}
        for one in readable
    }
    found, _ = read_columns(snapshot, tables)
    # what does not land is read here alone
    if "name" in found["users"]:
        columns["users"]["name"] = '"name"::text'
    if "content" not in found["messages"]:
        raise UserError(
            f"{VARIABLE}: messages has no column content that its role may read: the "
            "texts are read from there"
        )
    columns["messages"]["content"] = '"content"::text'
    return columns


def _decoded(snapshot: Snapshot, cursor: Cursor, query: str) -> Iterator[list[Any]]:
    """Yield the rows of a query of texts, whichever encoding the source has."""
    cursor.execute(query)
    for batch in cursor.fetch_record_batch():
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield [one if one is None else snapshot.decoded(one) for one in row]
