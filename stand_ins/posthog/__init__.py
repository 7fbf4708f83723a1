"""A strict PostHog on this machine: it keeps events and executes the HogQL it gets.

For the demo, for tests, and for anyone who writes a PostHog loader. It is as
unforgiving as PostHog:

* `POST /api/projects/:id/query/`: keys and scopes, one SELECT only, 100 rows without a
  LIMIT, a silent cap at 50,000, no OFFSET, cached answers unless `force_blocking`, NULL
  for a bad date, times in the project's zone, years that a bound on `timestamp` loses,
  events that become visible late, limits per minute, hour, byte and at once.
* `/api/environments/:id/file_download_batch_exports`: start a run (202), poll it, get
  a redirect to each file; a second host gives the files to pre-signed URLs, and refuses
  those who send it a key.
* `POST /batch/`: what the posthog SDK sends.
* Scheduled exports in a folder: `lake.py`.

In a test:

    store = Store("America/New_York")
    store.add("stored_events", fixtures.late(at))
    with StandIn(store, clock, page_cap=100) as stand_in:
        stand_in.faults.append(faults.fails(503))
        ...  # load from stand_in.address
        assert len(stand_in.journal.of("query")) < 10

`script.py` tells how to script faults and lies on every endpoint, `export_runs.py` how
to plan export runs, `fixtures.py` and `identities.py` which events and persons to try.
The clock of the server and its pauses are arguments, so tests need not wait. On its
own: `python -m stand_ins.posthog --help`.

`make conformance` runs what the loader asks on ClickHouse, too, and compares.

Known differences from the real service:
* DuckDB runs the queries: only the functions of `functions.py` and what sqlglot
  translates exist; cityHash64 gives other numbers; a column without an alias has
  another name; joins to persons or groups by a dotted name are missing.
* The types it tells are DuckDB's: any text may be NULL, a count is an Int64, a flag is
  true or false and not 1 or 0, and a person's time has microseconds.
* A property is read as PostHog reads those it keeps in columns of their own. Of others
  an empty text and the text "null" stay what they are.
* A bad date is NULL; by its source, PostHog may refuse one that is a literal.
* A placeholder takes text, a number or NULL, and LIMIT only a number.
* An event becomes visible one minute after `inserted_at`, which is `created_at` unless
  it is set, and exports go by it; persons are visible at once; duplicates never merge.
* The byte budget counts the bytes of the answers, not the bytes read.
* Every `refresh` but the forced ones may answer from a cache that never expires, and
  that forgets the oldest of too many rows; nothing is asynchronous.
* Capture takes `timestamp` as sent and refuses a batch with one it cannot read; it
  makes one person per distinct id, and neither merges persons nor reads `$set`:
  `$identify` is an event like any other.
* A query never runs out of its 10 seconds by itself: `too_slow_above` plays that.
* An export run moves on by being polled, or by refusing another one: how many may run
  at once (1, then 409) and how long its files and URLs last are guesses. It takes its
  rows when it starts. Runs are not listed, and not counted by the rate limits.
* Exports know events and persons, Parquet only, and fewer columns than PostHog has;
  `max_size_mb` is ignored (`Make.parts` cuts), and the file host gives no ranges.
* There is no other endpoint: no `GET /events`, no person, cohort or insight API.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from stand_ins.posthog.server import PostHogAddress, StandIn
from stand_ins.posthog.store import Store

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
