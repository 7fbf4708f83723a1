"""Mode export: PostHog's file downloads of what it received in a window of time.

A run is started and asked about until it is over; then its files are fetched, see
export_downloads.py.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pyarrow as pa
from tenacity import (
    Future,
    RetryCallState,
    Retrying,
    retry_if_exception,
    retry_if_result,
    wait_exponential,
)
from tenacity.retry import retry_base

from loaders.posthog.api.failures import TooLargeError, TransientError, reason
from loaders.posthog.api.http import Api, Json
from loaders.posthog.modes.export_downloads import Downloads
from loaders.posthog.modes.parquet import ExportedFile
from warehouse.errors import UserError

LONGEST = timedelta(days=7)
MOST_ROWS = 5_000_000
# A file that breaks off is fetched again from its start.
FILE_MEGABYTES = 100
RUNS = 3
PAUSES = wait_exponential(multiplier=2, exp_base=1.5, max=60)
PASSING = ("Failed", "FailedRetryable", "TimedOut")
FINAL = ("FailedBilling", "Terminated", "Cancelled")
OVER = ("Completed", *PASSING, *FINAL)


@dataclass(frozen=True)
class Exports:
    """The file downloads of a project.

    Attributes:
        patience: for one run, in seconds of waiting.
    """

    api: Api
    patience: float = 3600

    def events(
        self,
        start: datetime,
        end: datetime,
        names: Sequence[str],
        expected_rows: int | None = None,
    ) -> Iterator[pa.Table]:
        """Yield the events of these names that arrived from `start` until before `end`.

        None is given before all are here. One may come twice.

        Args:
            start: of the window.
            end: of the window, in the past.
            names: of the events; without any, PostHog would export all.
            expected_rows: how many there are, if known. If there is none, PostHog is
                not asked: it may never end a run that has nothing to export.

        Raises:
            TooLargeError: the window is too long, or has too many rows, for one run.
            DeadlineExceededError: the time of this load is spent.
            UserError: PostHog refuses, or never gave a complete export.
        """
        if end - start > LONGEST or (expected_rows or 0) > MOST_ROWS:
            raise TooLargeError(f"{start} to {end} is too much for one export")
        if expected_rows == 0 or not names:
            return
        wish = {
            "model": "events",
            "file": {
                "format": "Parquet",
                "compression": "zstd",
                "max_size_mb": FILE_MEGABYTES,
            },
            "data_interval_start": start.astimezone(UTC).isoformat(),
            "data_interval_end": end.astimezone(UTC).isoformat(),
            "include": list(names),
        }
        with ExitStack() as opened:
            for file in self.api.retrying(lambda: self._export(wish, opened)):
                yield from file.events(names)

    def _export(self, wish: Json, opened: ExitStack) -> list[ExportedFile]:
        downloads = Downloads(self.api, self._start(wish))
        state = self._wait(downloads.path)
        told = reason(state["status"], state, self.api.api_key)
        if state["status"] in PASSING:
            raise TransientError(f"an export run ended with {told}", RUNS)
        if state["status"] in FINAL:
            raise UserError(
                f"posthog: an export run ended with {told}; see the project's billing, "
                "and whether somebody stopped it, then load again"
            )
        records = state.get("records_completed") or 0
        return downloads.fetch(state.get("files") or [], records, opened)

    def _start(self, wish: Json) -> str:
        """Start a run, once those under way are over; return its path."""
        start = self._patiently(
            retry_if_exception(lambda error: getattr(error, "status", 0) in (409, 429)),
            lambda outcome: f"another export is under way ({outcome.exception()})",
        )
        runs = "environments/{project}/file_download_batch_exports/"
        return f"{runs}{start(self.api.post, runs, wish)['id']}/"

    def _wait(self, path: str) -> Json:
        """Return the state of a run that is over, however it ended."""
        poll = self._patiently(
            retry_if_result(lambda state: state.get("status") not in OVER),
            lambda outcome: f"an export run is {outcome.result().get('status')!r}",
        )
        try:
            return poll(self.api.get, path)
        except UserError:
            # Else it stands in the way of the next one.
            with suppress(UserError, TransientError):
                self.api.once("POST", f"{path}cancel/", {})
            raise

    def _patiently(
        self, retry: retry_base, problem: Callable[[Future], str]
    ) -> Retrying:
        """Repeat, with growing pauses, as long as the patience lasts."""

        def give_up(state: RetryCallState) -> NoReturn:
            raise UserError(
                f"posthog: {problem(state.outcome)} after {self.patience / 60:.0f} "
                "minutes; load again later"
            )

        return Retrying(
            retry=retry,
            wait=PAUSES,
            stop=lambda state: state.idle_for >= self.patience,
            before_sleep=lambda state: self.api.deadline.check(state.upcoming_sleep),
            sleep=self.api.pause,
            retry_error_callback=give_up,
        )
