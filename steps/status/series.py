"""Metrics over time, with what was usual: the mart `agg_metric_baselines`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from statistics import fmean

from adbc_driver_manager.dbapi import Connection

from steps.status.alerts import SEVERITIES
from warehouse.tables import read

BASELINES, DEVIATIONS = "agg_metric_baselines", "agg_metric_deviations"
# what is still to come of today is not compared
BUCKETS = f"""
    select
        baselines.metric, baselines.tags, baselines.state, baselines.value,
        baselines.median, baselines.scale, baselines.bucket_starts_at,
        deviations.alert_severity as severity
    from {BASELINES} as baselines
    left join {DEVIATIONS} as deviations
        on
            baselines.series_id = deviations.series_id
            and baselines.bucket_starts_at = deviations.bucket_starts_at
    where
        baselines.is_judged and baselines.metric in ({{metrics}})
        and baselines.bucket_starts_at >= '{{since}}'
        and baselines.bucket_starts_at < '{{until}}'
    order by baselines.metric, baselines.tags, baselines.bucket_starts_at
"""  # noqa: S608 - our own names
NEWEST = f"""
    select max(bucket_starts_at) as newest from {BASELINES} where is_judged
"""  # noqa: S608 - our own name
BAND = 3  # so many times the scale on both sides of the median are usual


@dataclass(frozen=True)
class Series:
    """A metric with its tags.

    Attributes:
        buckets: Rows of the mart, the oldest first; at least one.
    """

    metric: str
    tags: Mapping[str, str]
    buckets: list[Mapping]

    @property
    def last(self) -> Mapping:
        """The newest bucket."""
        return self.buckets[-1]

    @property
    def values(self) -> list[float | None]:
        """The value of each bucket; None where nobody knows it."""
        return [bucket["value"] for bucket in self.buckets]

    @cached_property
    def known(self) -> list[float]:
        """The values that are known."""
        return [value for value in self.values if value is not None]

    @property
    def mean(self) -> float | None:
        """The mean of the values that are known; None if none is."""
        return fmean(self.known) if self.known else None

    @property
    def change_share(self) -> float | None:
        """How far the newest value is from the usual, as a share of it."""
        value, median = self.last["value"], self.last["median"]
        return (value - median) / median if value is not None and median else None

    @property
    def band(self) -> tuple[float, float] | None:
        """Between what the newest value would be usual; None if nobody knows."""
        median, scale = self.last["median"], self.last["scale"]
        if median is None or scale is None:
            return None
        low = median - BAND * scale
        # nothing that is never below 0 is expected there
        return (max(low, 0) if min(self.known, default=0) >= 0 else low), (
            median + BAND * scale
        )

    @property
    def unlikeness(self) -> tuple[int, float]:
        """The larger, the less is it like itself: by severity, then by scales."""
        severity, value = self.last["severity"], self.last["value"]
        grave = (
            len(SEVERITIES) - SEVERITIES.index(severity)
            if severity in SEVERITIES
            else 0
        )
        median, scale = self.last["median"], self.last["scale"]
        is_known = None not in (value, median) and scale
        return grave, abs(value - median) / scale if is_known else 0


def newest_bucket(connection: Connection) -> datetime | None:
    """Return when the newest bucket began; None if there is none."""
    [row] = read(connection, NEWEST).to_pylist()
    return row["newest"]


def read_series(
    connection: Connection, metrics: Iterable[str], since: datetime, until: datetime
) -> list[Series]:
    """Return the series of metrics in a time.

    Args:
        connection: Opened marts.
        metrics: Names, of the catalogue.
        since: Their first bucket begins then or later.
        until: All begin before.
    """
    named = [f"'{metric}'" for metric in metrics]
    if not named:  # as of an app that is no more in the catalogue
        return []
    query = BUCKETS.format(
        metrics=", ".join(named),
        since=since.isoformat(),
        until=until.isoformat(),
    )
    rows = read(connection, query).to_pylist()
    return [
        Series(metric, json.loads(tags), list(buckets))
        for (metric, tags), buckets in groupby(
            rows, lambda row: (row["metric"], row["tags"])
        )
    ]
