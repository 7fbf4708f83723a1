"""A strict PostHog on this machine: it keeps events and executes the HogQL it gets.

For the demo, for tests, and for anyone who writes a PostHog loader. It speaks
`POST /api/projects/:id/query/` and `POST /batch/` and is as unforgiving as PostHog:
keys and scopes, one SELECT only, 100 rows without a LIMIT, a silent cap at 50,000,
no OFFSET, cached answers unless `force_blocking`, NULL for a bad date, times in the
project's zone, events that become visible late, limits per minute, hour and byte.

Known differences from the real service:
* DuckDB runs the queries: only the functions of `functions.py` and what sqlglot
  translates exist; cityHash64 gives other numbers; a column without an alias has
  another name; joins to persons or groups by a dotted name are missing.
* A placeholder takes text, a number or NULL, and LIMIT only a number.
* All events become visible one minute after `created_at`; duplicates never merge.
* The byte budget counts the bytes of the answers, not the bytes read.
* Every `refresh` but the forced ones may answer from a cache that never expires;
  nothing is asynchronous.
* Capture takes `timestamp` as sent and refuses a batch with one it cannot read; it
  makes one person per distinct id, and neither merges persons nor reads `$set`:
  `$identify` is an event like any other.
* Batch exports are missing; a query never runs out of its 10 seconds by itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from demo.posthog.server import PostHogAddress, StandIn
from demo.posthog.store import Store

__all__ = ["PostHogAddress", "StandIn", "Store", "running", "world_clock"]

AFTER_THE_WORLD = timedelta(hours=1)


def world_clock(store: Store) -> Callable[[], datetime]:
    """Return a clock that starts an hour after the newest event and runs on.

    The worlds of the demo end on a fixed day, so the time of this machine would make
    every load a different one. A store without events takes the time of the machine.
    """
    newest = store.newest_ingestion()
    start = newest + AFTER_THE_WORLD if newest else datetime.now(UTC)
    started = monotonic()
    return lambda: start + timedelta(seconds=monotonic() - started)


@contextmanager
def running(
    directory: Path, now: Callable[[], datetime] | None = None
) -> Iterator[PostHogAddress]:
    """Serve the world of a directory on a free port.

    Args:
        directory: holds events.parquet, persons.parquet, person_distinct_ids.parquet.
        now: the clock of the server; by default the world's own.
    """
    store = Store()
    store.load_world(directory)
    with StandIn(store, now or world_clock(store)) as stand_in:
        yield stand_in.address
