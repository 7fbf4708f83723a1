"""Runs of file download exports: they move on by being asked about, not by time."""

import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from demo.posthog.file_host import Files
from demo.posthog.parquet import Interval, Make, export
from demo.posthog.store import Store

COMPLETED, CANCELLED = "Completed", "Cancelled"
FAILED = ("Failed", "FailedRetryable", "FailedBilling", "Terminated", "TimedOut")
OVER = (COMPLETED, CANCELLED, *FAILED)
FILE_LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class RunPlan:
    """How an export run goes.

    Attributes:
        statuses: what each poll is told; the last one stays. Any text will do: PostHog
            may know more than is documented. One version of PostHog tells Running for
            ever of a run without rows: `("Starting", "Running")`.
        make: how its files come out.
    """

    statuses: tuple[str, ...] = ("Starting", "Running", COMPLETED)
    make: Make = field(default_factory=Make)


@dataclass
class Run:
    """An export run.

    Attributes:
        records: how many rows the export has, whatever became of its files.
        files: the keys of its files, by their ids.
    """

    plan: RunPlan
    records: int
    files: dict[str, str]
    started_at: datetime
    statuses: deque[str]
    status: str = "Starting"
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def move_on(self) -> None:
        """Take the next status, if there is one left."""
        if self.statuses:
            self.status = self.statuses.popleft()

    def cancel(self) -> None:
        """End the run."""
        self.status = CANCELLED
        self.statuses.clear()


@dataclass
class ExportRuns:
    """The export runs of a project.

    Plan the coming ones, in the order in which they are started:

        three_files = RunPlan(make=Make(parts=3, extra_columns={"new": "x"}))
        stand_in.exports.extend([three_files, RunPlan(("Archiving", "Failed"))])
    """

    store: Store
    now: Callable[[], datetime]
    files: Files
    at_once: int
    runs: dict[str, Run] = field(default_factory=dict)
    _plans: deque[RunPlan] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def extend(self, plans: Iterable[RunPlan]) -> None:
        """Plan the coming runs; those after them go well."""
        self._plans.extend(plans)

    def start(self, model: str, interval: Interval, compression: str | None) -> Run:
        """Start a run: it takes what is visible now."""
        with self._lock:
            plan = self._plans.popleft() if self._plans else RunPlan()
        rows = export(self.store, model, interval, self.now())
        run = Run(plan, len(rows), {}, self.now(), deque(plan.statuses))
        for number, content in enumerate(
            replace(plan.make, compression=compression).files(rows)
        ):
            key = f"file_downloads/{run.run_id}/{model}-{number}.parquet"
            self.files.put(key, content)
            run.files[str(uuid.uuid4())] = key
        self.runs[run.run_id] = run
        return run

    def are_too_many(self) -> bool:
        """Return whether one more is refused; those under way move on by it."""
        under_way = [run for run in self.runs.values() if run.status not in OVER]
        if len(under_way) < self.at_once:
            return False
        for run in under_way:
            run.move_on()
        return True

    def expired(self, run: Run) -> bool:
        """Return whether the files of a run are gone."""
        return self.now() >= run.started_at + FILE_LIFETIME
