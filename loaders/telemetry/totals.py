"""The running totals of processes: what came since the reading before."""

from dataclasses import dataclass, field

from loaders.telemetry.catalogue import RejectedError, digest

DELTA, CUMULATIVE = 1, 2  # as OpenTelemetry numbers them


@dataclass(frozen=True)
class RunningTotal:
    """The newest reading of a sum."""

    is_cumulative: bool
    observed_ns: int
    reading: list[float | None]


@dataclass
class RunningTotals:
    """The newest readings of all sums, by process and series.

    Attributes:
        changed: the keys of those that are not written yet.
    """

    known: dict[str, RunningTotal]
    changed: set[str] = field(default_factory=set)

    def added(
        self, stream: str, temporality: int, start: int, now: int, reading: list
    ) -> list[float | None] | None:
        """Return what came since the reading before.

        Args:
            stream: which process and series it is of.
            temporality: whether it is since the start or since the reading before.
            start: since when, in nanoseconds since 1970; 0 if nobody says.
            now: when it was read.
            reading: a sum, or the counts of buckets with the sum at their end.

        Returns:
            The same numbers of the time between; nothing if it cannot be known, as
            before the first reading of a process that does not say its start.

        Raises:
            RejectedError: it came before, or holds what others of it hold too.
        """
        is_cumulative = temporality == CUMULATIVE
        key = digest(stream, start if is_cumulative else "")
        others = self.known.get(digest(stream, "" if is_cumulative else "newest"))
        if others and start < others.observed_ns:
            raise RejectedError(
                "the same sum comes as its difference and since its start: let its "
                "exporter write one of them"
            )
        last = self.known.get(key)
        if not is_cumulative:
            if last is None or now > last.observed_ns:
                self._keep(key, RunningTotal(False, now, []))
            return reading
        if last and now <= last.observed_ns:
            raise RejectedError("a reading of the same sum that is as new came before")
        self._keep(key, RunningTotal(True, now, reading))
        self._keep(digest(stream, "newest"), RunningTotal(True, now, []))
        if last is None:
            return reading if start else None
        added = [
            None if one is None or other is None else one - other
            for one, other in zip(reading, last.reading, strict=True)
        ]
        # what has shrunk began anew, though it does not say so
        has_shrunk = any(one < 0 for one in added[: len(added) - 1 or 1])
        return reading if has_shrunk else added

    def _keep(self, key: str, total: RunningTotal) -> None:
        self.known[key] = total
        self.changed.add(key)
