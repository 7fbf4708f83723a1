"""Metrics as OpenTelemetry's collector writes them: OTLP/JSON, running totals."""

from collections.abc import Mapping

import numpy as np

Json = dict
CUMULATIVE = 2


def document(process: Mapping[str, str], *metrics: Json) -> Json:
    """Return a line: what a process read of its metrics."""
    return {
        "resourceMetrics": [
            {
                "resource": {"attributes": _attributes(process)},
                "scopeMetrics": [{"scope": {"name": "demo"}, "metrics": list(metrics)}],
            }
        ]
    }


def running_total(name: str, unit: str, when: Json, value: float) -> Json:
    """Return a counter, with what it came to since the process began."""
    return {
        "name": name,
        "unit": unit,
        "sum": {
            "aggregationTemporality": CUMULATIVE,
            "isMonotonic": True,
            "dataPoints": [{**when, "asInt": str(int(value))}],
        },
    }


def histogram(
    name: str,
    when: Json,
    values: np.ndarray,
    bounds: list[float],
    attributes: Mapping[str, str],
) -> Json:
    """Return all values since the process began, in buckets."""
    # a value on a bound is below it
    bucket = np.searchsorted(bounds, values)
    counts = np.bincount(bucket, minlength=len(bounds) + 1)
    point = {
        "attributes": _attributes(attributes),
        "count": str(len(values)),
        "sum": round(float(values.sum()), 3),
        "bucketCounts": [str(count) for count in counts],
        "explicitBounds": bounds,
    }
    return {
        "name": name,
        "unit": "s",
        "histogram": {
            "aggregationTemporality": CUMULATIVE,
            "dataPoints": [{**when, **point}],
        },
    }


def _attributes(values: Mapping[str, str]) -> list[Json]:
    return [
        {"key": key, "value": {"stringValue": value}} for key, value in values.items()
    ]
