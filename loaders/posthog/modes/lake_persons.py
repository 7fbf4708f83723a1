"""Persons and their distinct ids as of the last of many exports.

An export has a row for each distinct id that changed: whose it is, and what is known
of that person. A person to whom no distinct id leads any more was merged or deleted.
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from loaders.posthog.slices.table_queries import PERSON_DISTINCT_IDS, PERSONS
from warehouse.tables import TIMESTAMP

PERSONS_IN_FILE = pa.schema(
    [
        ("distinct_id", pa.string()),
        ("person_id", pa.string()),
        ("person_distinct_id_version", pa.int64()),
        ("person_version", pa.int64()),
        ("created_at", TIMESTAMP),
        ("is_deleted", pa.bool_()),
    ]
)
DISTINCT_ID_ROWS = pa.schema(
    field.with_name(field.name.removeprefix("latest_"))
    for field in PERSON_DISTINCT_IDS.schema
)
NEWEST = """
create table newest as
select distinct on (distinct_id) *
from exported
order by distinct_id, person_distinct_id_version desc, person_version desc
"""
PERSONS_OF_NEWEST = """
select
    person_id as id, arg_max(created_at, person_version) as created_at,
    null as is_identified
from newest
where not is_deleted
group by person_id
"""
DISTINCT_IDS_OF_NEWEST = """
select distinct_id, person_id, person_distinct_id_version as version, is_deleted
from newest
"""


def newest_persons(exported: Iterable[pa.Table]) -> tuple[pa.Table, pa.Table]:
    """Return the rows of persons and of person_distinct_ids.

    Args:
        exported: the rows of all files, as `PERSONS_IN_FILE`, in any order.
    """
    with duckdb.connect() as database:
        database.execute("set timezone = 'UTC'")
        database.register("none", PERSONS_IN_FILE.empty_table())
        database.execute("create table exported as from none")
        for rows in exported:
            database.register("rows", rows)
            database.execute("insert into exported from rows")
        database.execute(NEWEST)
        persons = database.execute(PERSONS_OF_NEWEST).to_arrow_table()
        distinct_ids = database.execute(DISTINCT_IDS_OF_NEWEST).to_arrow_table()
    return persons.cast(PERSONS.schema), distinct_ids.cast(DISTINCT_ID_ROWS)
