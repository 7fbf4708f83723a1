"""A line of a file as samples: of our own shape, or OTLP."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from loaders.telemetry.catalogue import (
    SUMMARY,
    WORD,
    Metric,
    RejectedError,
    Sample,
    checked_quantile,
    checked_time,
    checked_value,
    is_personal,
    series_of,
)
from loaders.telemetry.otlp import points, samples_of
from loaders.telemetry.totals import RunningTotals

NOT_READABLE = (
    AttributeError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)
Read = Sample | RejectedError


def read_line(
    text: bytes, catalogue: Mapping[str, Metric], totals: RunningTotals, now: datetime
) -> Iterator[Read]:
    """Yield the samples of a line, and why others of it are rejected."""
    if not text.strip():
        return
    try:
        document = json.loads(text)
        if "resourceMetrics" not in document:
            yield _sample_of(document, catalogue, now)
            return
        for point in points(document):
            try:
                yield from samples_of(point, catalogue, totals, now)
            except NOT_READABLE as error:
                yield _reason(error)
    except NOT_READABLE as error:
        yield _reason(error)


def _reason(error: Exception) -> RejectedError:
    """Return why something is rejected, in words that quote nothing of it."""
    if isinstance(error, RejectedError):
        return error
    return RejectedError("it is no JSON of a sample or of OTLP")


def _sample_of(
    document: dict, catalogue: Mapping[str, Metric], now: datetime
) -> Sample:
    metric = catalogue.get(document["metric"])
    if metric is None:
        raise RejectedError("the metric is not in the seed metric_catalog")
    if document.get("type") not in (None, metric.type):
        raise RejectedError("the metric is of another type in the seed metric_catalog")
    series = series_of(metric, document.get("tags", {}))
    value = checked_value(document["value"], series)
    moment = datetime.fromisoformat(document["observed_at"])
    if moment.tzinfo is None:
        raise RejectedError("the time has no offset, as +00:00 or Z")
    quantile, run_id = document.get("quantile"), document.get("run_id")
    if (metric.type == SUMMARY) != (quantile is not None):
        raise RejectedError("a summary has a quantile, and nothing else has")
    if run_id and (not WORD.fullmatch(run_id) or is_personal("run", run_id)):
        raise RejectedError("the run_id is no name of a run")
    return Sample(
        series,
        value,
        checked_time(moment, now),
        f"{moment.timestamp()} {value} {quantile} {run_id}",
        quantile=None if quantile is None else checked_quantile(quantile),
        run_id=run_id,
    )
