"""Count the rows of a PostHog table: of a slice, of its days, or of its buckets."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import pyarrow as pa

from loaders.posthog.client import PostHogClient
from loaders.posthog.failures import TooLargeError
from loaders.posthog.questions import Question
from loaders.posthog.slices import HASHES_PER_BUCKET, Buckets, Slice, Tally

COUNTS = {"row_count": pa.int64(), "checksum": pa.int64()}
Cut = TypeVar("Cut", Slice, Buckets)
DayAndEvent = tuple[date, str]


@dataclass(frozen=True)
class RowCounter:
    """Counts the rows of one table of one project."""

    client: PostHogClient
    question: Question

    def tally(self, part: Slice) -> Tally:
        """Count the rows of a slice.

        Raises:
            TooLargeError: they cannot be counted at once.
            UserError: PostHog cannot be read.
        """
        [(rows, checksum)] = self._ask(part, self.question.tally, COUNTS, least_rows=1)
        return Tally(rows, checksum or 0)

    def tally_days(
        self, whole: Slice, moment: str = "timestamp"
    ) -> dict[DayAndEvent, Tally]:
        """Count the rows of each UTC day and event; see `count_days`."""
        counts = self.count_days(whole, moment, self.question.tally)
        return {key: Tally(*numbers) for key, numbers in counts.items()}

    def count_days(
        self, whole: Slice, moment: str, aggregates: str
    ) -> dict[DayAndEvent, tuple[int, int]]:
        """Count two things of each UTC day and event.

        Args:
            whole: the slice.
            moment: the column that decides of which day a row is.
            aggregates: `row_count` and `checksum`, in HogQL; the sums of all parts of
                a slice are those of the slice.

        Raises:
            TooLargeError: not even the rows of one day can be counted.
            UserError: PostHog cannot be read.
        """
        columns = f"toDate(toTimeZone({moment}, 'UTC')) as day, event, {aggregates}"
        kinds = {"day": pa.date32(), "event": pa.string(), **COUNTS}
        try:
            groups = self._ask(whole, columns, kinds, "group by day, event")
        except TooLargeError as error:
            counts: dict[DayAndEvent, tuple[int, int]] = {}
            for half in halves_of(whole, error):
                for key, more in self.count_days(half, moment, aggregates).items():
                    rows, checksum = counts.get(key, (0, 0))
                    counts[key] = (rows + more[0], checksum + more[1])
            return dict(sorted(counts.items()))
        return {(day, event): (rows, sum_) for day, event, rows, sum_ in sorted(groups)}

    def tally_buckets(self, whole: Slice, buckets: Buckets) -> dict[int, Tally]:
        """Count the rows of each bucket of a slice, also of those that have none.

        Raises:
            TooLargeError: they cannot be counted at once.
            UserError: PostHog cannot be read.
        """
        bucket = f"intDiv(cityHash64({buckets.column}), {HASHES_PER_BUCKET}) as bucket"
        columns = f"{bucket}, {self.question.tally}"
        kinds = {"bucket": pa.int64(), **COUNTS}
        groups = self._ask(whole, columns, kinds, "group by bucket")
        tallies = {number: Tally(*tally) for number, *tally in groups}
        numbers = range(buckets.first, buckets.end)
        return {number: tallies.get(number, Tally()) for number in numbers}

    def _ask(
        self,
        part: Slice,
        columns: str,
        kinds: dict[str, pa.DataType],
        group_by: str = "",
        least_rows: int = 0,
    ) -> list[tuple]:
        where, values = part.where()
        rest = f"from {self.question.table} where {where} {group_by}"
        schema = pa.schema(kinds)
        answer = self.client.query_proved(columns, rest, values, schema, least_rows)
        return list(zip(*answer.to_pydict().values(), strict=True))


def halves_of(part: Cut, error: TooLargeError) -> list[Cut]:
    """Return a slice, or one of its ranges, in two.

    Raises:
        TooLargeError: the given one, if it cannot be cut.
    """
    halves = part.halves()
    if not halves:
        raise error
    return halves
