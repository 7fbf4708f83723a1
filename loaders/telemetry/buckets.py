"""The observations of a histogram, of which only buckets are known."""

from collections.abc import Sequence

from loaders.telemetry.catalogue import RejectedError

TOLERANCE = 1e-9  # of sums that were rounded


def spread(
    counts: Sequence[int],
    bounds: Sequence[float],
    total: float | None,
    low: float | None,
    high: float | None,
) -> list[tuple[float, int]]:
    """Return a value for each bucket that is not empty, with its observations.

    All values lie at the same share of the width of their bucket, so that their sum is
    the one that was counted; the last bucket has no end, and takes what is left over.

    Args:
        counts: observations of each bucket, one more than there are bounds.
        bounds: the upper bounds of all buckets but the last.
        total: the sum of the observations; if nobody knows, they are in the middle.
        low: the least observation, if it is known.
        high: the greatest.

    Raises:
        RejectedError: no observations in these buckets have this sum.
    """
    if not bounds:
        if total is None:
            raise RejectedError("a histogram has neither buckets nor a sum")
        return [(total / sum(counts), sum(counts))] if sum(counts) else []
    first = low if low is not None else min(0.0, bounds[0])
    last = high if high is not None else bounds[-1]
    lowers = [max(edge, first) for edge in (first, *bounds)]
    uppers = [min(edge, max(last, first)) for edge in (*bounds, last)]
    filled = [
        (lower, max(0.0, upper - lower), count)
        for lower, upper, count in zip(lowers, uppers, counts, strict=True)
        if count
    ]
    width = sum(width * count for _, width, count in filled)
    rest = 0.5 * width
    if total is not None:
        rest = total - sum(lower * count for lower, _, count in filled)
    has_no_end = high is None and counts[-1] > 0
    beyond = max(0.0, rest - 0.5 * width) if has_no_end else 0.0
    rounded = TOLERANCE * abs(total or 0.0)
    if not -rounded <= rest - beyond <= width + rounded:
        raise RejectedError(
            "no observations in the buckets of a histogram have its sum"
        )
    share = (rest - beyond) / width if width else 0.0
    values = [(lower + share * width, count) for lower, width, count in filled]
    if beyond:
        value, count = values[-1]
        values[-1] = (value + beyond / count, count)
    return values
