"""Land the rows of a slice and mark it, in one transaction.

dlt commits table by table, so it could mark a slice whose rows never came. Here both
come or neither. What has landed stays as it is: PostHog forgets after a while, so only
rows that are not there yet are added.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager.dbapi import Connection, Cursor

from loaders.contract import Table, apply_contract
from loaders.posthog.slices.ledger import VERIFIED, SliceLedger
from loaders.posthog.slices.slice import Slice
from loaders.suppression import Suppressed, read_suppressed
from warehouse.tables import append_rows

BATCH = "events_batch"
DUCKDB_MEMORY = "96MB"


@dataclass
class Landing:
    """Lands events through one connection.

    Attributes:
        hash_key: the key of the HMAC of personal columns.
        rows_rejected: so far, because a part of their key was missing.
    """

    connection: Connection
    table: Table
    ledger: SliceLedger
    hash_key: str
    rows_rejected: int = field(default=0, init=False)
    _narrowing: str = field(default="", init=False)
    _suppressed: Suppressed = field(init=False)

    def __post_init__(self) -> None:
        """Make the temporary table that new rows come through."""
        self._suppressed = read_suppressed(self.connection, self.hash_key)
        with self.connection.cursor() as cursor:
            if self.connection.adbc_get_info()["vendor_name"] == "PostgreSQL":
                # DuckDB knows of every block between which times its rows are
                cursor.execute(
                    "create index if not exists events_created_at "
                    f"on {self._name} (created_at)"
                )
            else:
                # else it keeps whatever it has read, up to most of the machine
                cursor.execute(f"set memory_limit = '{DUCKDB_MEMORY}'")
                # else it hashes a whole day for each batch; Postgres does not, and
                # would plan this badly: it knows nothing yet of the temporary table
                self._narrowing = f"and uuid in (select uuid from {BATCH})"
            cursor.execute(
                f"create temporary table {BATCH} as "
                f"select {self._columns} from {self._name} limit 0"
            )
        self.connection.commit()

    def land(self, part: Slice, tables: Iterable[pa.Table], attempts: int) -> int:
        """Add the rows of a slice that are not there yet, and mark it as verified.

        Returns:
            How many rows it has.
        """
        loaded_rows = 0
        try:
            with self.connection.cursor() as cursor:
                for table in tables:
                    loaded_rows += table.num_rows
                    self._add(cursor, table)
            self.ledger.write([part], VERIFIED, loaded_rows, attempts)
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()
        return loaded_rows

    def _add(self, cursor: Cursor, table: pa.Table) -> None:
        rows, rejected = apply_contract(self.table, table, self.hash_key)
        rows = self._suppressed.kept(self.table, rows)
        self.rows_rejected += rejected
        if not rows.num_rows:
            return
        cursor.execute(f"delete from {BATCH}")
        append_rows(cursor, BATCH, rows, temporary=True)
        # Only rows of the same times can be the same: the engine skips the others.
        bounds = " and ".join(
            f"{name} between '{least.isoformat()}' and '{greatest.isoformat()}'"
            for name in ("created_at", "timestamp")
            for least, greatest in [pc.min_max(rows[name]).as_py().values()]
        )
        cursor.execute(
            f"insert into {self._name} ({self._columns}) "
            f"select {self._columns} from {BATCH} "
            f"except select {self._columns} from {self._name} where {bounds} "
            f"{self._narrowing}"
        )

    @property
    def _name(self) -> str:
        return f"{self.table.schema_name}.{self.table.name}"

    @property
    def _columns(self) -> str:
        return ", ".join(f'"{name}"' for name in self.table.landed)
