"""Load the events from where the last load stopped, then compare both sides.

Whatever the mode, a slice is planned, fetched, proved complete, landed and marked. A
load that ends early, by whatever cause, leaves its slices in the ledger, and the next
one begins with them.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from adbc_driver_manager.dbapi import Connection

from loaders.contract import Table
from loaders.landed import count_rows
from loaders.posthog.api.concurrency import run_concurrently
from loaders.posthog.api.failures import DeadlineExceededError
from loaders.posthog.reconciliation import Reconciler
from loaders.posthog.slices.fetch import Verified
from loaders.posthog.slices.landing import Landing
from loaders.posthog.slices.ledger import FAILED, PLANNED, SliceLedger
from loaders.posthog.slices.slice import LAKE, QUERY, Slice
from warehouse.errors import UserError
from warehouse.progress import doing

logger = logging.getLogger(__name__)


class Mode(Protocol):
    """A way to get events."""

    def plan(self, ledger: SliceLedger) -> Iterator[Slice]:
        """Yield what has not landed as slices."""

    def fetch(self, part: Slice) -> Verified:
        """Fetch a slice and prove it complete.

        Raises:
            UserError: it cannot be read, or is not complete.
        """


@dataclass(frozen=True)
class EventsTable:
    """The events of a project.

    Attributes:
        ledger_table: where the slices are kept.
        mode: the one that plans what is new.
        modes: all that can be used, by name: for slices that were planned before.
        give_up: ends the requests that are under way.
    """

    table: Table
    ledger_table: Table
    mode: str
    modes: Mapping[str, Mode]
    give_up: Callable[[], None]

    def land(
        self, connection: Connection, hash_key: str, is_repeated: bool = False
    ) -> int:
        """Land what has not landed yet, slice by slice.

        Args:
            connection: to the warehouse; every slice is committed.
            hash_key: the key of the HMAC of personal columns.
            is_repeated: read everything anew; what has landed stays.

        Returns:
            How many rows were rejected.

        Raises:
            DeadlineExceededError: the time or the budget of this load is spent.
            UserError: a slice cannot be read, or is not complete.
        """
        ledger = SliceLedger(connection, self.ledger_table)
        # Whoever created the table anew may have been another load, or no load at all.
        is_lost = ledger.has_landed() and not count_rows(connection, self.table)
        if is_repeated or is_lost:
            ledger.clear()
        landing = Landing(connection, self.table, ledger, hash_key)
        work = _Work(self, ledger, landing)
        ledger.forget_failed_files()  # they may be gone, or made anew
        pending = [part for part in ledger.pending() if part.mode in self.modes]
        if pending:
            logger.info("posthog: going on with %s slices of before", len(pending))
        work.do(pending)
        work.do(work.planned(self.modes[self.mode].plan(ledger)))
        if self.mode != LAKE:
            reconciler = Reconciler(self.modes[QUERY], connection, ledger, self.table)
            window = reconciler.due()
            if window:
                work.do(work.planned(reconciler.plan(window)))
                reconciler.finish(window, landing.rows_rejected)
            connection.commit()
        return landing.rows_rejected


@dataclass
class _Work:
    """The slices of one load."""

    events: EventsTable
    ledger: SliceLedger
    landing: Landing
    failed: list[Slice] = field(default_factory=list)

    def planned(self, parts: Iterable[Slice]) -> list[Slice]:
        """Write slices into the ledger; a file is found again without it."""
        parts = list(parts)
        self.ledger.write([part for part in parts if not part.file], PLANNED)
        self.ledger.connection.commit()
        return parts

    def do(self, parts: Iterable[Slice]) -> None:
        """Fetch and land slices, those that are asked for by query side by side."""
        parts = list(parts)
        queries = [part for part in parts if part.mode == QUERY]
        others = [part for part in parts if part.mode != QUERY]
        rows = sum(part.expected.rows for part in parts if part.expected)
        landed = 0
        try:
            for verified in self._fetched(queries, others):
                landed += self._land(verified)
                doing("posthog: events", landed, rows)
        finally:
            self.ledger.write(self.failed, FAILED)
            self.ledger.connection.commit()

    def _fetched(self, queries: list[Slice], others: list[Slice]) -> Iterator[Verified]:
        yield from run_concurrently(self._fetch, queries, self.events.give_up)
        yield from map(self._fetch, others)

    def _fetch(self, part: Slice) -> Verified:
        with self._noted(part):
            return self.events.modes[part.mode].fetch(part)

    def _land(self, verified: Verified) -> int:
        part = verified.slice
        with self._noted(part):  # of a file, the rows are only read now
            return self.landing.land(part, verified.rows, verified.attempts)

    @contextmanager
    def _noted(self, part: Slice) -> Iterator[None]:
        """Note a slice as failed if it is, and not only put off."""
        try:
            yield
        except DeadlineExceededError:
            raise
        except UserError:
            self.failed.append(part)
            raise
