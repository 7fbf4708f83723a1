"""The rows of PostHog's batch exports, and their Parquet files."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from stand_ins.posthog.store import Store

# The time received decides what belongs to an interval, and what is seen of it.
EVENTS = """
select
    cast(uuid as varchar) as uuid, event, distinct_id,
    cast(person_id as varchar) as person_id, properties, "timestamp", created_at,
    coalesce(inserted_at, created_at) as _inserted_at
from stored_events
where
    _inserted_at >= $start
    and _inserted_at < $end
    and _inserted_at <= getvariable('visible_until')
    and coalesce(list_contains($include::varchar[], event), true)
    and not coalesce(list_contains($exclude::varchar[], event), false)
order by _inserted_at
"""
# One row per distinct id: whose it is now, and what is known of that person.
PERSONS = """
with mapping as (
    select
        distinct_id, arg_max(person_id, "version") as person_id,
        max("version") as person_distinct_id_version,
        arg_max(is_deleted, "version") as is_deleted
    from raw_person_distinct_ids
    group by distinct_id
), changes as (
    select person_id, max(changed_at) as changed_at
    from person_changes
    group by person_id
)
select
    1 as team_id, mapping.distinct_id, cast(mapping.person_id as varchar) as person_id,
    coalesce(persons.properties, '{}') as properties, 0 as person_version,
    mapping.person_distinct_id_version, persons.created_at, mapping.is_deleted
from mapping
left join persons on persons.id = mapping.person_id
left join changes on changes.person_id = mapping.person_id
where
    coalesce(changes.changed_at, persons.created_at) >= $start
    and coalesce(changes.changed_at, persons.created_at) < $end
order by distinct_id
"""
MODELS = {"events": EVENTS, "persons": PERSONS}


@dataclass(frozen=True)
class Interval:
    """Received from `start` until before `end`.

    Attributes:
        include: the only event names that are wanted; None: all.
        exclude: event names that are not. Persons know nothing of names.
    """

    start: datetime
    end: datetime
    include: Sequence[str] | None = None
    exclude: Sequence[str] | None = None


@dataclass(frozen=True)
class Make:
    """How the files of an export are made.

    Attributes:
        parts: files, if there are rows enough; without rows there is no file.
        extra_columns: columns nobody knows yet, with the value of all rows.
        missing_columns: columns that are gone.
        lost_rows: rows at the end that are counted and missing.
        repeated_rows: rows at the start that come twice: at least once is promised.
    """

    parts: int = 1
    extra_columns: Mapping[str, str] = field(default_factory=dict)
    missing_columns: Sequence[str] = ()
    lost_rows: int = 0
    repeated_rows: int = 0
    compression: str | None = "zstd"

    def files(self, rows: pa.Table) -> list[bytes]:
        """Return the files of some rows."""
        rows = pa.concat_tables([rows[: self.repeated_rows], rows])
        rows = rows[: len(rows) - self.lost_rows]
        for name, value in self.extra_columns.items():
            rows = rows.append_column(name, pa.repeat(value, len(rows)))
        rows = rows.drop_columns(list(self.missing_columns))
        size = max(1, -(-len(rows) // self.parts))
        starts = range(0, len(rows), size)
        return [_file(rows[start : start + size], self.compression) for start in starts]


def export(store: Store, model: str, interval: Interval, now: datetime) -> pa.Table:
    """Return the rows of an export of events or persons, as of a moment."""
    sql = MODELS[model]
    bounds = vars(interval).items()
    values = {name: value for name, value in bounds if f"${name}" in sql}
    return store.arrow(sql, values, now)


def _file(rows: pa.Table, compression: str | None) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(rows, buffer, compression=compression or "none")
    return buffer.getvalue()
