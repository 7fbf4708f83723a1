"""Runs of file download exports: they move on by being asked about, not by time."""

import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from stand_ins.posthog.file_host import Files
from stand_ins.posthog.parquet import Interval, Make, export
from stand_ins.posthog.store import Store

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
        statuses: those to come.
        files: the keys of its files, by their ids.
    """

    records: int
    started_at: datetime
    statuses: deque[str]
    files: dict[str, str] = field(default_factory=dict)
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

    def start(
        self, model: str, interval: Interval, compression: str | None
    ) -> Run | None:
        """Start a run: it takes what is visible now.

        Returns:
            None if too many are under way; these move on by it.
        """
        with self._lock:
            under_way = [run for run in self.runs.values() if run.status not in OVER]
            if len(under_way) >= self.at_once:
                for run in under_way:
                    run.move_on()
                return None
            plan = self._plans.popleft() if self._plans else RunPlan()
            make = replace(plan.make, compression=compression)
            run = self._run(plan, model, interval, make)
            self.runs[run.run_id] = run
            return run

    def _run(self, plan: RunPlan, model: str, interval: Interval, make: Make) -> Run:
        rows = export(self.store, model, interval, self.now())
        run = Run(len(rows), self.now(), deque(plan.statuses))
        for number, content in enumerate(make.files(rows)):
            key = f"file_downloads/{run.run_id}/{model}-{number}.parquet"
            self.files.put(key, content)
            run.files[str(uuid.uuid4())] = key
        return run

    def expired(self, run: Run) -> bool:
        """Return whether the files of a run are gone."""
        return self.now() >= run.started_at + FILE_LIFETIME
