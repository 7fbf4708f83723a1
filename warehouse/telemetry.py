"""What commands measure of themselves: kept in memory, and written as they end.

    with timed("lift.compute"): ...     @timed("lift.compute")     count("lift.retries")

The metrics and their tags are those of `seeds/metric_catalog.csv`. Each line of a file
in `logs/telemetry` is a sample, as the source `telemetry` loads them. `TELEMETRY=off`
writes none, and what cannot be written stops no command.
"""

import json
import os
import resource
import sys
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from warehouse.errors import UserError, one_line
from warehouse.settings import read_settings

DIRECTORY = Path("logs/telemetry")
# What one command starts, as a night, has its id.
RUN_ID = "COMMAND_RUN_ID"
SUCCESS, FAILURE = "success", "failure"
UNIT_OF_MEMORY = 1 if sys.platform == "darwin" else 1024

Tags = tuple[tuple[str, str], ...]
# One thread may append while another takes out: nothing is lost.
_observed: deque[tuple[str, float, datetime, Tags]] = deque()
_counted: deque[tuple[str, float, Tags]] = deque()


@contextmanager
def timed(metric: str, **tags: str) -> Iterator[None]:
    """Record the seconds that something takes, and whether it ends well.

    Args:
        metric: A histogram of the catalogue, which allows the tag status.
        tags: Others, as names of operations; nothing personal.
    """
    started = perf_counter()
    status = FAILURE
    try:
        yield
        status = SUCCESS
    finally:
        observe(metric, perf_counter() - started, status=status, **tags)


def observe(metric: str, value: float, **tags: str) -> None:
    """Record a value of now."""
    _observed.append((metric, value, datetime.now(UTC), tuple(sorted(tags.items()))))


def count(metric: str, value: float = 1, **tags: str) -> None:
    """Add to a counter; what is added until the command ends is one sample."""
    _counted.append((metric, value, tuple(sorted(tags.items()))))


def run_id() -> str:
    """Return the id of this run, which everything that it starts has too."""
    return os.environ.setdefault(RUN_ID, uuid4().hex)


def is_recording() -> bool:
    """Tell whether anything is to be recorded."""
    return read_settings().telemetry != "off"


def write_command(name: str, seconds: float, code: int) -> None:
    """Record how a command ended, and write all that it recorded."""
    tags = {"command": name, "status": FAILURE if code else SUCCESS}
    observe("command.seconds", seconds, **tags)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT_OF_MEMORY
    observe("command.peak_memory", most, **tags)
    try:
        write()
    except OSError as error:
        sys.stderr.write(
            f"this command is not recorded: {DIRECTORY} does not take its telemetry "
            f"({one_line(error)}); mend that, or set TELEMETRY=off\n"
        )
    except UserError:
        return  # the command itself has said what is wrong with the settings


def write() -> None:
    """Write what was recorded to the file of today; once only.

    Raises:
        OSError: the file cannot be written.
        UserError: the settings cannot be read.
    """
    observed = [_observed.popleft() for _ in range(len(_observed))]
    counted = [_counted.popleft() for _ in range(len(_counted))]
    if not is_recording():
        return
    now = datetime.now(UTC)
    sums: Counter[tuple[str, Tags]] = Counter()
    for metric, value, tags in counted:
        sums[metric, tags] += value
    observed += [(metric, value, now, tags) for (metric, tags), value in sums.items()]
    lines = [
        json.dumps(
            {
                "metric": metric,
                "value": float(value),  # numpy's are no JSON
                "observed_at": moment.isoformat(),
                "tags": dict(tags),
                "run_id": run_id(),
            }
        )
        for metric, value, moment, tags in observed
    ]
    DIRECTORY.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = DIRECTORY / f"{now:%Y-%m-%d}.jsonl"
    with open(path, "a+b", opener=partial(os.open, mode=0o600)) as file:  # noqa: PTH123
        # a full disk may have cut the last line off
        is_whole = (
            not file.tell() or os.pread(file.fileno(), 1, file.tell() - 1) == b"\n"
        )
        # in one piece, whoever else writes there
        start = "" if is_whole else "\n"
        file.write((start + "".join(f"{line}\n" for line in lines)).encode())
