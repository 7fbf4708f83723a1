"""Land samples with how far their files were read, in one transaction.

A load that is killed has landed whole batches, and goes on after them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection, Cursor

from loaders.contract import Table
from loaders.telemetry.catalogue import Sample
from loaders.telemetry.lines import Place
from loaders.telemetry.totals import RunningTotal, RunningTotals
from warehouse.tables import SQL_TYPES, append_rows

BATCH = "samples_batch"
# What loads keep for themselves: how far each file was read, and the newest readings.
PLACES, TOTALS = "_places", "_running_totals"
KEEPSAKES = {
    PLACES: pa.schema(
        [("key", pa.string()), ("start", pa.int64()), ("last_line", pa.string())]
    ),
    TOTALS: pa.schema(
        [
            ("key", pa.string()),
            ("is_cumulative", pa.bool_()),
            ("observed_ns", pa.int64()),
            ("reading", pa.string()),
        ]
    ),
}


@dataclass
class Landing:
    """The samples, through one connection.

    Attributes:
        places: how far each file was read.
        totals: the newest readings of sums.
    """

    connection: Connection
    table: Table
    places: dict[str, Place] = field(init=False)
    totals: RunningTotals = field(init=False)

    def __post_init__(self) -> None:
        """Read how far earlier loads came, and make a place for new rows."""
        with self.connection.cursor() as cursor:
            for name, schema in KEEPSAKES.items():
                columns = [f"{one.name} {SQL_TYPES[one.type]}" for one in schema]
                cursor.execute(
                    f"create table if not exists {self._schema}.{name} "
                    f"({', '.join(columns)})"
                )
            if self.connection.adbc_get_info()["vendor_name"] == "PostgreSQL":
                # DuckDB knows of every block between which times its rows are
                cursor.execute(
                    "create index if not exists samples_observed_at "
                    f"on {self._name} (observed_at)"
                )
            cursor.execute(
                f"create temporary table {BATCH} as select * from {self._name} limit 0"
            )
            self.places = {
                key: Place(**row) for key, row in self._kept(cursor, PLACES).items()
            }
            self.totals = RunningTotals(
                {
                    key: RunningTotal(**row | {"reading": json.loads(row["reading"])})
                    for key, row in self._kept(cursor, TOTALS).items()
                }
            )
        self.connection.commit()

    def forget(self) -> None:
        """Let every file be read from its beginning."""
        with self.connection.cursor() as cursor:
            for name in KEEPSAKES:
                cursor.execute(f"delete from {self._schema}.{name}")
        self.places, self.totals.known = {}, {}

    def land(
        self, samples: Sequence[Sample], feed: str, file_id: str, place: Place
    ) -> int:
        """Add samples, and note how far their file is read.

        Returns:
            How many are there already, and stay as they are.
        """
        rows = {sample.sample_id: sample for sample in samples}
        self.places[file_id] = place
        totals = {
            key: asdict(total) | {"reading": json.dumps(total.reading)}
            for key in self.totals.changed
            for total in [self.totals.known[key]]
        }
        with self.connection.cursor() as cursor:
            added = self._add(cursor, rows, feed) if rows else 0
            self._keep(cursor, PLACES, {file_id: asdict(place)})
            self._keep(cursor, TOTALS, totals)
        self.connection.commit()
        self.totals.changed.clear()
        return len(samples) - added

    def _add(self, cursor: Cursor, samples: Mapping[str, Sample], feed: str) -> int:
        rows = [
            {
                "sample_id": sample_id,
                "series_id": sample.series.series_id,
                "metric": sample.series.metric.name,
                "value": sample.value,
                "sample_count": sample.sample_count,
                "quantile": sample.quantile,
                "observed_at": sample.observed_at,
                "tags": sample.series.tags,
                "run_id": sample.run_id,
                "feed": feed,
            }
            for sample_id, sample in samples.items()
        ]
        content = pa.Table.from_pylist(rows, self.table.arrow_schema)
        times = [sample.observed_at for sample in samples.values()]
        first, last = min(times).isoformat(), max(times).isoformat()
        columns = ", ".join(content.column_names)
        cursor.execute(f"delete from {BATCH}")
        append_rows(cursor, BATCH, content, temporary=True)
        cursor.execute(
            f"delete from {BATCH} where sample_id in ("
            f"select sample_id from {self._name} "
            f"where observed_at between '{first}' and '{last}')"
        )
        cursor.execute(
            f"insert into {self._name} ({columns}) select {columns} from {BATCH}"
        )
        cursor.execute(f"select count(*) from {BATCH}")
        (added,) = cursor.fetchone()
        return added

    def _kept(self, cursor: Cursor, name: str) -> dict[str, dict[str, Any]]:
        cursor.execute(f"select * from {self._schema}.{name}")
        return {row.pop("key"): row for row in cursor.fetch_arrow_table().to_pylist()}

    def _keep(
        self, cursor: Cursor, name: str, rows: Mapping[str, dict[str, Any]]
    ) -> None:
        """Write rows in place of those with their keys, which are hashes."""
        if not rows:
            return
        keys = ", ".join(f"'{key}'" for key in rows)
        cursor.execute(f"delete from {self._schema}.{name} where key in ({keys})")
        content = pa.Table.from_pylist(
            [{"key": key, **row} for key, row in rows.items()], KEEPSAKES[name]
        )
        append_rows(cursor, name, content, self._schema)

    @property
    def _schema(self) -> str:
        return self.table.schema_name

    @property
    def _name(self) -> str:
        return f"{self._schema}.{self.table.name}"
