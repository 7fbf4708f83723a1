"""OTLP/JSON, a line as the file exporters of OpenTelemetry write it, as samples.

https://opentelemetry.io/docs/specs/otlp, and the data model of metrics beside it. Of a
sum or histogram since the start of a process the difference to the reading before
counts, and all of it after a new start. Exponential histograms are not read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from loaders.telemetry.buckets import spread
from loaders.telemetry.catalogue import (
    COUNTER,
    GAUGE,
    HISTOGRAM,
    MOST_OBSERVATIONS,
    SUMMARY,
    Metric,
    RejectedError,
    Sample,
    checked_quantile,
    checked_time,
    checked_value,
    digest,
    series_of,
)
from loaders.telemetry.totals import CUMULATIVE, DELTA, RunningTotals

Json = dict[str, Any]
KINDS = {"sum": COUNTER, "gauge": GAUGE, "histogram": HISTOGRAM, "summary": SUMMARY}
TEMPORALITIES = {
    DELTA: DELTA,
    CUMULATIVE: CUMULATIVE,
    "AGGREGATION_TEMPORALITY_DELTA": DELTA,
    "AGGREGATION_TEMPORALITY_CUMULATIVE": CUMULATIVE,
}
NO_RECORDED_VALUE = 1  # a flag: the process says that it has nothing to say
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Point:
    """A data point, with what stands around it.

    Attributes:
        kind: sum, gauge, histogram or summary.
        process: the attributes of the process that wrote it, of which those become tags
            that the metric allows.
    """

    metric: Json
    kind: str
    process: Json
    scope: str
    content: Json

    @property
    def data(self) -> Json:
        """What all points of the metric have in common."""
        return self.metric[self.kind]


def points(document: Json) -> Iterator[Point]:
    """Yield each data point of a line."""
    for of_process in document["resourceMetrics"]:
        process = _attributes(of_process.get("resource", {}))
        for of_scope in of_process.get("scopeMetrics", []):
            scope = of_scope.get("scope", {}).get("name", "")
            for metric in of_scope.get("metrics", []):
                for kind, data in metric.items():
                    if isinstance(data, dict) and "dataPoints" in data:
                        for content in data["dataPoints"]:
                            yield Point(metric, kind, process, scope, content)


def samples_of(
    point: Point, catalogue: Mapping[str, Metric], totals: RunningTotals, now: datetime
) -> list[Sample]:
    """Return the samples of a data point.

    Raises:
        RejectedError: it cannot be stored.
        ValueError, TypeError, KeyError, AttributeError, OverflowError: it is no OTLP.
    """
    metric, content = catalogue.get(point.metric["name"]), point.content
    if metric is None:
        raise RejectedError("the metric is not in the seed metric_catalog")
    temporality = TEMPORALITIES.get(point.data.get("aggregationTemporality"))
    kind = KINDS.get(point.kind)
    is_level = kind == COUNTER and not point.data.get("isMonotonic")
    if is_level and temporality == CUMULATIVE:
        kind = GAUGE  # it goes up and down, as what is in a queue
    if kind != metric.type:
        raise RejectedError("the metric is of another type in the seed metric_catalog")
    if point.metric.get("unit") not in (None, "", metric.unit):
        raise RejectedError("the metric has another unit in the seed metric_catalog")
    if int(content.get("flags", 0)) & NO_RECORDED_VALUE:
        return []
    of_process = {
        name: value for name, value in point.process.items() if name in metric.tags
    }
    series = series_of(metric, of_process | _attributes(content))
    observed = int(content.get("timeUnixNano", 0))
    start = int(content.get("startTimeUnixNano") or 0)
    moment = checked_time(EPOCH + timedelta(microseconds=observed // 1000), now)
    process = sorted(point.process.items())
    stream = digest(process, point.scope, series.series_id)
    key = digest(stream, start, observed)
    if kind == SUMMARY:
        # JSON of protocol buffers leaves out what is 0
        return [
            Sample(
                series,
                checked_value(float(one.get("value", 0)), series),
                moment,
                digest(key, one.get("quantile", 0)),
                quantile=checked_quantile(float(one.get("quantile", 0))),
            )
            for one in content["quantileValues"]
        ]
    if kind == GAUGE:
        return [Sample(series, checked_value(_number(content), series), moment, key)]
    if temporality is None:
        raise RejectedError("a sum does not say since when it is")
    if kind == COUNTER:
        value = checked_value(_number(content), series)
        added = totals.added(stream, temporality, start, observed, [value])
        return [Sample(series, added[0], moment, key)] if added else []
    bounds, reading = _reading(content)
    # in other buckets it is another histogram
    stream = digest(stream, bounds)
    added = totals.added(stream, temporality, start, observed, reading)
    if not added:
        return []
    *counts, total = added
    low, high = (_optional(content.get(name)) for name in ("min", "max"))
    return [
        Sample(series, checked_value(value, series), moment, digest(key, value), count)
        for value, count in spread(counts, bounds, total, low, high)
    ]


def _reading(content: Json) -> tuple[list[float], list[int | float | None]]:
    """Return the bounds of a histogram, and its counts with the sum at the end."""
    counts = [int(count) for count in content.get("bucketCounts", [])]
    bounds = [float(bound) for bound in content.get("explicitBounds", [])]
    count = int(content.get("count", 0))
    counts = counts or [count]
    if len(counts) != len(bounds) + 1 or sum(counts) != count or min(counts) < 0:
        raise RejectedError("the buckets of a histogram do not add up to its count")
    if count > MOST_OBSERVATIONS:
        raise RejectedError("a histogram has more than 10^12 observations")
    return bounds, [*counts, _optional(content.get("sum"))]


def _optional(number: object) -> float | None:
    return None if number is None else float(number)


def _number(content: Json) -> float:
    return float(content["asInt"] if "asInt" in content else content["asDouble"])


def _attributes(of: Json) -> Json:
    """Return attributes by name; of what is no plain value its JSON."""
    return {
        one["key"]: next(iter(one["value"].values()), "")
        for one in of.get("attributes", [])
    }
