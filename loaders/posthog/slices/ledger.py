"""The ledger of the slices: what was asked for, how far it got, and what came.

A slice is written before it is fetched, and marked in the same transaction that lands
its rows, so what is not marked is what a killed load left to do. How far each event
has been loaded follows from it, by name: a new name starts at the beginning, and one
that was left out for a while goes on where it stopped.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from loaders.contract import Table
from loaders.posthog.slices.slice import (
    EXPORT,
    LAKE,
    Buckets,
    Days,
    Names,
    Slice,
    Tally,
    Window,
    midnight,
)
from warehouse.tables import append_rows

DAY = timedelta(days=1)
PLANNED, VERIFIED, FAILED = "planned", "verified", "failed"
RECONCILIATION = "sweep"  # its name in the warehouses there are
Row = dict[str, Any]


@dataclass(frozen=True)
class SliceLedger:
    """The table `load_slices`.

    Attributes:
        connection: to the warehouse; what is written waits for its commit.
    """

    connection: Connection
    table: Table

    def pending(self) -> list[Slice]:
        """Return the slices that an earlier load planned and did not land."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"select {', '.join(self.table.landed)} from {self._name} "
                f"where status <> '{VERIFIED}' order by slice_id"
            )
            return [_slice(row) for row in cursor.fetch_arrow_table().to_pylist()]

    def loaded_until(self) -> dict[str, datetime]:
        """Return until when each event was received that has landed, by its name.

        It says nothing as long as slices are pending, nor of the files of a lake.
        """
        until: dict[str, datetime] = {}
        for events, moment in self._fetch(
            "events, max(loaded_until)",
            f"loaded_until is not null and mode not in ('{RECONCILIATION}', '{LAKE}') "
            "group by events",
        ):
            for name in json.loads(events):
                until[name] = max(moment, until.get(name, moment))
        return until

    def loaded_files(self) -> set[tuple[str, str]]:
        """Return the files that have landed, each with a name of events in it."""
        return {
            (file, name)
            for file, events in self._fetch("file, events", "file is not null")
            for name in json.loads(events)
        }

    def has_landed(self) -> bool:
        """Tell whether any slice that has landed had rows."""
        return bool(self._fetch("1", "loaded_rows > 0 limit 1"))

    def last_reconciliation(self, span: timedelta) -> datetime | None:
        """Return the end of the last reconciliation that went back so far or more."""
        days = f"interval '{span.days} days'"
        [(moment,)] = self._fetch(
            "max(loaded_until)",
            f"mode = '{RECONCILIATION}' and loaded_from <= loaded_until - {days}",
        )
        return moment

    def not_reconciled(self, names: tuple[str, ...]) -> Window | None:
        """Return when what exports brought was received and never reconciled."""
        columns = "events, loaded_from, loaded_until"
        reconciled = [
            (start, end)
            for events, start, end in self._fetch(columns, f"mode = '{RECONCILIATION}'")
            if set(names) <= set(json.loads(events))
        ]
        exported = f"mode = '{EXPORT}' and status = '{VERIFIED}'"
        windows = [
            (start, end)
            for _, start, end in self._fetch(columns, exported)
            if not any(first <= start and end <= last for first, last in reconciled)
        ]
        starts, ends = zip(*windows, strict=True) if windows else ((), ())
        return Window(min(starts), max(ends)) if windows else None

    def clear(self) -> None:
        """Forget everything: what is there will be read again."""
        with self.connection.cursor() as cursor:
            cursor.execute(f"delete from {self._name}")

    def forget_failed_files(self) -> None:
        """Forget the files that could not be landed: they will be listed again."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"delete from {self._name} "
                f"where file is not null and status <> '{VERIFIED}'"
            )

    def write(
        self,
        parts: Iterable[Slice],
        status: str,
        loaded_rows: int | None = None,
        attempts: int | None = None,
    ) -> None:
        """Write slices, in place of what was written of them before."""
        rows = [_row(part, status, loaded_rows, attempts) for part in parts]
        if not rows:
            return
        ids = ", ".join(f"'{row['slice_id']}'" for row in rows)
        with self.connection.cursor() as cursor:
            cursor.execute(f"delete from {self._name} where slice_id in ({ids})")
            append_rows(
                cursor,
                self.table.name,
                pa.Table.from_pylist(rows, self.table.arrow_schema),
                self.table.schema_name,
            )

    @property
    def _name(self) -> str:
        return f"{self.table.schema_name}.{self.table.name}"

    def _fetch(self, columns: str, condition: str) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(f"select {columns} from {self._name} where {condition}")
            return cursor.fetchall()


def _row(
    part: Slice, status: str, loaded_rows: int | None, attempts: int | None
) -> Row:
    window, days = part.window or Window(), part.days or Days()
    place = {
        "mode": part.mode,
        "events": json.dumps(part.names.names, ensure_ascii=False),
        "loaded_from": window.start,
        "loaded_until": window.end,
        "first_day": days.first and midnight(days.first),
        "last_day": days.end and midnight(days.end) - DAY,
        "first_bucket": part.buckets.first,
        "last_bucket": part.buckets.end - 1,
        "first_uuid_bucket": part.uuid_buckets.first,
        "last_uuid_bucket": part.uuid_buckets.end - 1,
        "file": part.file,
    }
    digest = hashlib.sha256(json.dumps(place, default=str).encode()).hexdigest()
    return {
        "slice_id": digest[:16],
        **place,
        "expected_rows": part.expected and part.expected.rows,
        "expected_checksum": part.expected and part.expected.checksum,
        "loaded_rows": loaded_rows,
        "attempts": attempts,
        "status": status,
    }


def _slice(row: Row) -> Slice:
    expected = Tally(row["expected_rows"] or 0, row["expected_checksum"] or 0)
    return Slice(
        buckets=Buckets("distinct_id", row["first_bucket"], row["last_bucket"] + 1),
        uuid_buckets=Buckets(
            "uuid", row["first_uuid_bucket"], row["last_uuid_bucket"] + 1
        ),
        window=Window(row["loaded_from"], row["loaded_until"]),
        days=Days(_day(row["first_day"]), _day(row["last_day"], DAY)),
        names=Names(tuple(json.loads(row["events"]))),
        expected=None if row["expected_rows"] is None else expected,
        mode=row["mode"],
        file=row["file"],
    )


def _day(moment: datetime | None, later: timedelta = timedelta()) -> date | None:
    return moment and (moment + later).date()
