"""Which other ids an erased person has: an account of theirs may come later."""

from collections.abc import Iterable
from contextlib import suppress as suppressing

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager.dbapi import Connection

from loaders.contract import Table, apply_contract
from loaders.erasure import landed_tables
from loaders.suppression import (
    APP_DISTINCT_IDS,
    POSTHOG,
    PersonId,
    Suppressed,
    create_list,
    id_columns,
    id_text,
    is_id,
    is_of_accounts,
    suppress,
)
from loaders.table_load import Readable
from warehouse.errors import UnreadableError
from warehouse.tables import existing_tables, read

APP_USERS = "staging_neon.users"
PERSON_OF_DISTINCT_ID = ("distinct_id_hash", "person_id")


def suppress_accounts(
    connection: Connection, readables: Iterable[Readable], suppressed: Suppressed
) -> Suppressed:
    """Read the accounts of a source, and suppress all ids of those in the list.

    What has landed of them goes too.

    Returns:
        The list, in which they are now.
    """
    create_list(connection)
    for readable in readables:
        if not suppressed.person_hashes or not is_of_accounts(readable.table):
            continue
        rows = readable.table.arrow_schema.empty_table()
        with suppressing(UnreadableError):  # which is told when it is to land
            batches = [
                apply_contract(readable.table, batch, suppressed.hash_key)[0]
                for batch in readable.read(None, None)
            ]
            rows = pa.concat_tables([rows, *batches])
        others = others_distinct_ids(connection, suppressed)
        ids = own_ids(
            readable.table, rows, accounts_of(readable.table, rows, suppressed, others)
        )
        known = suppressed
        suppressed = suppress(connection, known, ids)
        if suppressed != known:
            with connection.cursor() as cursor:
                for table in landed_tables(connection):
                    table.erase(cursor, ids)
    connection.commit()
    return suppressed


def accounts_of(
    table: Table, rows: pa.Table, suppressed: Suppressed, others: pa.Array
) -> pa.Array:
    """Tell of each row of accounts whether it is of a person of the list.

    PostHog's distinct ids of one person are one's, unless another app user's is among
    them; then only those are that are known.
    """
    is_hit = suppressed.hits(table, rows)
    if not set(PERSON_OF_DISTINCT_ID) <= set(rows.column_names):
        return is_hit
    distinct_ids, persons = (rows[name] for name in PERSON_OF_DISTINCT_ID)
    is_others = pc.is_in(distinct_ids, value_set=others)
    shared = persons.filter(is_others).unique()
    is_own = pc.and_not(pc.is_in(persons, value_set=persons.filter(is_hit)), is_others)
    is_alone = pc.invert(pc.is_in(persons, value_set=shared))
    is_known = suppressed.holds(POSTHOG, distinct_ids)
    return pc.or_(is_known, pc.and_(is_own, is_alone))


def own_ids(table: Table, rows: pa.Table, is_own: pa.Array) -> set[PersonId]:
    """Return the ids that some rows of accounts have and no other row has."""
    own, others = rows.filter(is_own), rows.filter(pc.invert(is_own))
    ids = set()
    for kind, name in id_columns(table):
        values = own[name].unique().drop_null()
        is_shared = pc.is_in(values, value_set=others[name].combine_chunks())
        ids |= {
            (kind, id_text(value))
            for value in values.filter(pc.invert(is_shared)).to_pylist()
            if is_id(value)
        }
    return ids


def others_distinct_ids(connection: Connection, suppressed: Suppressed) -> pa.Array:
    """Return PostHog's distinct ids of the app's users who are not in the list."""
    if APP_USERS not in existing_tables(connection):
        return pa.array([], pa.string())
    users = read(connection, f"select {', '.join(APP_DISTINCT_IDS)} from {APP_USERS}")
    hashes = pa.chunked_array(users.columns, pa.string()).unique().drop_null()
    is_known = suppressed.holds(POSTHOG, pa.chunked_array([hashes]))
    return hashes.filter(pc.invert(is_known))
