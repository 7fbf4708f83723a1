"""What a load would take: its rows, its requests and its hours, before it begins."""

from dataclasses import dataclass
from math import ceil

from loaders.posthog.api.concurrency import AT_ONCE
from loaders.posthog.modes.query import QueryMode
from loaders.posthog.slices.ledger import SliceLedger
from loaders.posthog.slices.planner import day_totals
from loaders.posthog.slices.slice import pack

MANY_ROWS = 50_000_000
HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Estimate:
    """What a load would take in mode query.

    Attributes:
        requests: of events; persons come on top.
        hours: as fast as the one slice that was tried, and as the budget allows.
        bytes_read: by all queries; None if PostHog tells nothing of bytes.
    """

    rows: int
    requests: int
    hours: float
    bytes_read: int | None

    def __str__(self) -> str:
        """Return it in one line, with advice if it is much."""
        minutes = ceil(self.hours * 60)
        time = f"{self.hours:,.1f} hours" if minutes > 120 else f"{minutes} minutes"
        read = f", {self.bytes_read / 1e9:,.1f} GB read" if self.bytes_read else ""
        advice = "; set POSTHOG_MODE=export" if self.rows > MANY_ROWS else ""
        return (
            f"posthog: {self.rows:,} events to read, the last two hours of them again; "
            f"in mode query about {self.requests:,} requests, {time}{read}{advice}"
        )


def estimate(mode: QueryMode, ledger: SliceLedger) -> Estimate:
    """Count what has not landed, and try one slice of it without landing it.

    What an earlier load has planned is not counted again.

    Raises:
        UserError: PostHog cannot be read.
    """
    api, planner = mode.client.api, mode.planner
    pending = ledger.pending()
    rows = sum(part.expected.rows for part in pending if part.expected)
    requests = 1 + len(pending)
    for whole in mode.due(ledger):
        days = day_totals(planner.tally_days(whole))
        rows += sum(day.rows for day in days.values())
        requests += 1
        for _, group in pack(days, planner.limit):
            slices = ceil(group.rows / planner.limit)
            requests += slices + (slices > 1)  # a large day is counted once more
    started = api.deadline.clock()
    part = next(mode.plan(ledger))
    planned = api.deadline.clock()
    mode.fetch(part)
    fetched = api.deadline.clock()
    seconds = planned - started + (fetched - planned) * requests / AT_ONCE
    read, left = api.budget.most_read * requests, api.budget.left
    hours = max(seconds / HOUR_SECONDS, read / left if left else 0)
    return Estimate(rows, requests, hours, read or None)
