"""Who is to be erased: a person by an e-mail address or an id, and all of their ids."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager.dbapi import Connection

from loaders.contract import Table, read_contract, tables_of
from loaders.landed import read_known
from loaders.privacy import hashed
from loaders.suppressed_accounts import accounts_of, others_distinct_ids, own_ids
from loaders.suppression import (
    APP,
    CONVERSATION,
    EMAIL,
    POSTHOG,
    PersonId,
    Suppressed,
    is_of_accounts,
)
from steps.erase.removal import is_unfinished
from steps.publish.contents import quoted
from warehouse.errors import UserError
from warehouse.states import LOAD, SUCCESS, read_states
from warehouse.tables import existing_tables, read

IDENTITIES = "core.bridge_user_identities"
IDENTITIES_MODEL = "model.growth_warehouse.bridge_user_identities"
ACCOUNTS = "intermediate.int_accounts"
DIGITS = re.compile(r"[0-9]+")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Person:
    """How a person is named.

    Attributes:
        kind: of the id, as contract.yml calls it, such as `app`; or `email`.
        value: the address, or the id as its source has it.
    """

    kind: str
    value: str

    @classmethod
    def parse(cls, text: str) -> "Person":
        """Read an e-mail address or `source:id`.

        Raises:
            ValueError: it is neither; the message quotes nothing of it.
        """
        kind, separator, value = text.strip().partition(":")
        kinds = id_types()
        if separator and kind in kinds:
            return cls(kind, _normal(kind, value.strip(), kinds[kind]))
        if ADDRESS.fullmatch(text.strip()):
            return cls(EMAIL, text.strip())
        raise ValueError(
            "PERSON is no e-mail address and no id of a source: use ann@mail.example, "
            f"or one of {', '.join(f'{kind}:ID' for kind in kinds)}"
        )

    def ids(self, hash_key: str) -> set[PersonId]:
        """Return the ids that the name alone tells."""
        if self.kind == EMAIL:
            address = _hashed(self.value, hash_key)
            return {(EMAIL, address), (POSTHOG, address)}
        if self.kind == POSTHOG:
            return {(POSTHOG, _hashed(self.value, hash_key))}
        return _with_distinct_ids({(self.kind, self.value)}, hash_key)


@dataclass(frozen=True)
class Found:
    """A person as the warehouse knows them.

    Attributes:
        ids: all that are theirs alone.
        user_keys: what the marts call them; none if they are in no mart.
    """

    ids: frozenset[PersonId]
    user_keys: frozenset[str]

    def traces(self, hash_key: str) -> frozenset[str]:
        """Return the texts that must not be found anywhere afterwards.

        A small number is an id of others, too, so it is no trace; conversations can be
        too many to look for in every byte.
        """
        ids = {one for one in self.ids if one[0] != CONVERSATION}
        raw = {value for kind, value in ids if kind not in (EMAIL, POSTHOG)}
        values = {value for _, value in ids} | self.user_keys
        values |= {_hashed(one, hash_key) for one in raw}
        return frozenset(one for one in values if not one.isdecimal())


def id_types() -> dict[str, str]:
    """Return the kinds of ids that can name a person, each with its type."""
    return {
        column.person: column.type
        for table in _tables()
        for column in table.columns
        if column.person and column.person not in (EMAIL, CONVERSATION)
    }


def find(connection: Connection, person: Person, hash_key: str) -> Found:
    """Find all accounts of a person, and the ids that are theirs alone.

    Whose an account is, the last build says; an address that accounts of others have
    too stays theirs.

    Raises:
        UserError: the last load is not built.
    """
    _check_built(connection)
    given = person.ids(hash_key)
    tables = [
        (table, read_known(connection, table)) for table in _account_tables(connection)
    ]
    named = Suppressed(hash_key).with_ids(given)
    for table, rows in tables:
        is_named = named.hits(table, rows)
        given |= own_ids(table, rows, is_named)
    accounts, user_keys = _matched(connection, given, person, hash_key)
    accounts |= {(kind, value) for kind, value in given if kind != EMAIL}
    ids = _with_distinct_ids(accounts, hash_key)
    theirs = Suppressed(hash_key).with_ids(accounts)
    strangers = []
    for table, rows in tables:
        # PostHog's come last: by then the app's ids and addresses are known
        others = others_distinct_ids(connection, Suppressed(hash_key).with_ids(ids))
        is_own = accounts_of(table, rows, theirs, others)
        ids |= own_ids(table, rows, is_own)
        if table.source != POSTHOG:
            strangers.append((table, rows.filter(pc.invert(is_own))))
    for table, rows in strangers:
        is_shared = Suppressed(hash_key).with_ids(ids).hits(table, rows)
        ids -= own_ids(table, rows, is_shared)
    return Found(frozenset(ids | person.ids(hash_key)), frozenset(user_keys))


def _matched(
    connection: Connection, ids: Iterable[PersonId], person: Person, hash_key: str
) -> tuple[set[PersonId], set[str]]:
    """Return all accounts of the users that some ids are of, and the users' keys.

    Of an address only the one that was given counts: others may be shared.
    """
    named = [f"({quoted(kind)}, {quoted(value)})" for kind, value in ids]
    given = person.ids(hash_key)
    addresses = [quoted(value) for kind, value in given if kind == EMAIL]
    keys = read(
        connection,
        f"select distinct user_key from {IDENTITIES} "
        f"where (source_system, source_id) in ({', '.join(named)}) "
        f"or (source_system, source_id) in (select source_system, source_id "
        f"from {ACCOUNTS} where email_hash in ({', '.join(addresses) or 'null'}))",
    )["user_key"].to_pylist()
    accounts = read(
        connection,
        f"select source_system, source_id from {IDENTITIES} "
        f"where user_key in ({', '.join(map(quoted, keys)) or 'null'})",
    )
    pairs = zip(*(column.to_pylist() for column in accounts), strict=True)
    return set(pairs), set(keys)


def _check_built(connection: Connection) -> None:
    states = read_states(connection)
    loads = [state.run for name, state in states.items() if name.startswith(LOAD)]
    built = states.get(IDENTITIES_MODEL)
    # a killed erasure leaves them as they were, or as it has built them
    is_whole = built and (built.status == SUCCESS or is_unfinished(connection))
    if not is_whole or built.load_run != max(loads, default=None):
        raise UserError(
            "the last load is not built, so nobody knows whose its accounts are: run "
            "`make build` first"
        )


def _with_distinct_ids(ids: set[PersonId], hash_key: str) -> set[PersonId]:
    """Add what PostHog calls the app's users."""
    return ids | {
        (POSTHOG, _hashed(value, hash_key)) for kind, value in ids if kind == APP
    }


def _account_tables(connection: Connection) -> list[Table]:
    existing = existing_tables(connection)
    return [
        table
        for table in _tables()
        if is_of_accounts(table) and f"{table.schema_name}.{table.name}" in existing
    ]


def _tables() -> list[Table]:
    sources = read_contract()["sources"]
    return [table for source in sources for table in tables_of(source)]


def _normal(kind: str, value: str, type_name: str) -> str:
    try:
        if type_name == "uuid":
            return str(UUID(value))
        if type_name == "bigint":
            if not DIGITS.fullmatch(value):  # int() takes others, and underscores
                raise ValueError
            return str(int(value))
    except ValueError:
        raise ValueError(
            f"PERSON is no id of {kind}, which are of the type {type_name}"
        ) from None
    if not value:
        raise ValueError(f"PERSON has no id after {kind}:")
    return value


def _hashed(value: str, hash_key: str) -> str:
    [one] = hashed(pa.chunked_array([[value]], pa.string()), hash_key).to_pylist()
    return one
