"""What people said on a day: read from the source, read only, and kept in memory.

What the contract calls the columns of the source goes here, too. Who has withdrawn the
consent since the last load is left out, and so is what was deleted since.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from loaders.snapshot import Snapshot, open_snapshot
from steps.insights.candidates import PersonDay
from steps.insights.text_columns import VARIABLE, Columns, text_columns
from steps.publish.contents import quoted
from warehouse.errors import UserError

# Of each message the role and the text; one that is much too long has two parts.
Conversation = list[tuple[str, list[str]]]
# When it was written, in which conversation, by whom, and its text.
Message = tuple[datetime, str, str, list[str]]

# The texts of a row, which may come in another encoding.
SHOWN = ("account_id", "conversation_id", "name", "email", "role", "content")
# Ids are compared as the source has them: there they may have an index.
USERS = """
    select {account_id}, {name}, {email}
    from (
        select {users[id]} as account_id, {users[name]} as name, {users[email]} as email
        from "users"
        where
            "{ids[users]}" in ({accounts})
            and {users[analytics_consent]}
            and {users[deleted_at]} is null
    ) as consenting
"""
CONVERSATIONS = """
    select {conversation_id}, {account_id}
    from (
        select
            {conversations[id]} as conversation_id,
            {conversations[user_id]} as account_id
        from "conversations"
        where
            "{ids[conversations]}" in ({accounts})
            and {conversations[deleted_at]} is null
    ) as kept
"""
# Of a text that is much too long its two ends are read.
MESSAGES = """
    select
        created_at, {conversation_id}, {role},
        case when char_length(content) > 2 * {limit} then {head} else {content} end,
        case when char_length(content) > 2 * {limit} then {tail} end
    from (
        select
            {messages[id]} as message_id,
            {messages[conversation_id]} as conversation_id,
            lower({messages[role]}) as role,
            {messages[content]} as content,
            {messages[created_at]} as created_at
        from "messages"
        where "{ids[messages]}" in ({talks})
    ) as said
    where
        role in ('user', 'assistant')
        and content <> ''
        and created_at >= '{starts_at}'
        and created_at < '{ends_at}'
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
        accounts = {one for day in days for one in day.account_ids}
        span = (min(day.starts_at for day in days), max(day.ends_at for day in days))
        with open_snapshot(self._url, VARIABLE) as snapshot:
            reading = _Reading(snapshot, *text_columns(snapshot), self._limit)
            names = reading.names(accounts)
            said = reading.said(names, *span)
        found = []
        for day in days:
            # one account that does not consent speaks for all of a person
            if names.keys() >= set(day.account_ids):
                talks = [
                    talk
                    for account in day.account_ids
                    for talk in _talks_on(day, said[account])
                ]
                known = [name for one in day.account_ids for name in names[one]]
                found += [(day, DayTexts(known, talks))] if talks else []
        return found


@dataclass(frozen=True)
class _Reading:
    """Reads texts in one snapshot of the source.

    Attributes:
        columns: the SQL that reads each column.
        ids: what the source calls the column of each table by which rows are looked up.
        limit: characters of a text from which on it is read in part.
    """

    snapshot: Snapshot
    columns: Columns
    ids: dict[str, str]
    limit: int

    def names(self, accounts: Iterable[str]) -> dict[str, list[str]]:
        """Return what those are called who consent, by account."""
        rows = self._rows("users", USERS, accounts=_listed(accounts))
        return {account: list(filter(None, names)) for account, *names in rows}

    def said(
        self, accounts: Iterable[str], starts_at: datetime, ends_at: datetime
    ) -> dict[str, list[Message]]:
        """Return the messages of accounts in a span of time, in their order."""
        listed = _listed(accounts)
        owners = dict(self._rows("conversations", CONVERSATIONS, accounts=listed))
        rows = self._rows(
            "messages",
            MESSAGES,
            talks=_listed(owners),
            starts_at=starts_at,
            ends_at=ends_at,
            limit=self.limit,
            head=self.snapshot.text(f"left(content, {self.limit})"),
            tail=self.snapshot.text(f"right(content, {self.limit})"),
        )
        said = defaultdict(list)
        for at, talk, role, *parts in rows:
            said[owners[talk]].append((at, talk, role, [one for one in parts if one]))
        return said

    def _rows(self, table: str, query: str, **values: object) -> list[list[Any]]:
        """Return the rows of a query of texts, whichever encoding the source has."""
        shown = {name: self.snapshot.text(name) for name in SHOWN}
        query = query.format(**shown, **self.columns, ids=self.ids, **values)
        with self.snapshot.reading(table) as cursor:
            cursor.execute(query)
            return [
                [
                    self.snapshot.decoded(one) if isinstance(one, bytes) else one
                    for one in row
                ]
                for batch in cursor.fetch_record_batch()
                for row in zip(
                    *(column.to_pylist() for column in batch.columns), strict=True
                )
            ]


def _listed(values: Iterable[str]) -> str:
    """Return values as SQL lists them."""
    return ", ".join(map(quoted, sorted(values))) or "null"


def _talks_on(day: PersonDay, said: Iterable[Message]) -> list[Conversation]:
    """Return the conversations of a day among messages."""
    talks: dict[str, Conversation] = {}
    for at, talk, role, parts in said:
        if day.starts_at <= at < day.ends_at:
            talks.setdefault(talk, []).append((role, parts))
    return list(talks.values())
