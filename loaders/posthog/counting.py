"""Count the rows of a PostHog table: of a slice, of its days, or of its buckets.

An answer with a row for each group also says how many groups there are, so that none
of them can be missing.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import pyarrow as pa

from loaders.posthog.client import PostHogClient
from loaders.posthog.failures import TooLargeError
from loaders.posthog.questions import Question
from loaders.posthog.slices import HASHES_PER_BUCKET, Buckets, Slice, Tally

GROUP_COUNT = "group_count"
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
        schema = pa.schema([("row_count", pa.int64()), ("checksum", pa.int64())])
        where, values = part.where()
        hogql = f"select {self.question.tally} {self._from(where)}"
        [tally] = self.client.query(hogql, values, schema, row_count=1).to_pylist()
        return Tally(tally["row_count"], tally["checksum"] or 0)

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
        day = f"toDate(toTimeZone({moment}, 'UTC')) as day"
        keys = {"day": pa.date32(), "event": pa.string()}
        try:
            groups = self._groups(whole, f"{day}, event", keys, aggregates)
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
        keys = {"bucket": pa.int64()}
        groups = self._groups(whole, bucket, keys, self.question.tally)
        tallies = {number: Tally(*tally) for number, *tally in groups}
        numbers = range(buckets.first, buckets.end)
        return {number: tallies.get(number, Tally()) for number in numbers}

    def _groups(
        self, part: Slice, columns: str, keys: dict[str, pa.DataType], aggregates: str
    ) -> list[tuple]:
        counts = dict.fromkeys(("row_count", "checksum", GROUP_COUNT), pa.int64())
        where, values = part.where()
        hogql = (
            f"select {columns}, {aggregates}, count() over () as {GROUP_COUNT} "
            f"{self._from(where)} group by {', '.join(keys)}"
        )
        schema = pa.schema({**keys, **counts})
        answer = self.client.query(hogql, values, schema, row_count=GROUP_COUNT)
        columns_ = answer.drop_columns(GROUP_COUNT).to_pydict().values()
        return list(zip(*columns_, strict=True))

    def _from(self, where: str) -> str:
        return f"from {self.question.table} where {where}"


def halves_of(part: Cut, error: TooLargeError) -> list[Cut]:
    """Return a slice, or one of its ranges, in two.

    Raises:
        TooLargeError: the given one, if it cannot be cut.
    """
    halves = part.halves()
    if not halves:
        raise error
    return halves
