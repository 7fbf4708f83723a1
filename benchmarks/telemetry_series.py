"""Invented series with one planted fault each, for `benchmarks.telemetry`.

Counts have a pattern over the week (and the day), Poisson noise and busy and quiet
days; durations are log-normal; rates are shares of some hundreds or thousands of tries.
All of them hang together a little from bucket to bucket. A fault is six to twelve
standard deviations of its bucket large, and at least 40 percent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

PERIODS = ("hour", "day")
KINDS = ("count", "duration", "rate")
FAULTS = ("spike", "drop", "level shift", "trend", "missing", "weekday change")
DAYS = 140
FIRST_FAULT, LAST_FAULT = 63, 98
CORRELATION = 0.3


@dataclass(frozen=True)
class Series:
    """What was measured, NaN where nothing was, and where it is unlike itself."""

    period: str
    kind: str
    fault: str
    values: np.ndarray
    starts_at: int
    ends_at: int

    @property
    def metric(self) -> str:
        """Name of the metric in the catalogue."""
        return f"{self.kind}.{self.period}"


@dataclass(frozen=True)
class Process:
    """What is expected of each bucket, how far it varies, and a draw of it."""

    mean: np.ndarray
    deviation: np.ndarray
    draw: Callable[[np.ndarray], np.ndarray]


def correlated_noise(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw standard normal noise that remembers the bucket before."""
    noise = rng.normal(size=size)
    for number in range(1, size):
        noise[number] *= np.sqrt(1 - CORRELATION**2)
        noise[number] += CORRELATION * noise[number - 1]
    return noise


def counts(rng: np.random.Generator, buckets: np.ndarray, per_day: int) -> Process:
    """Return a process that is busier on weekdays, and by day."""
    weekday, hour = buckets // per_day % 7, buckets % per_day
    mean = np.exp(rng.uniform(np.log(30), np.log(2000)))
    mean = mean * np.where(weekday >= 5, rng.uniform(0.4, 0.9), 1)
    mean *= 1 + rng.uniform(-0.1, 0.1, 7)[weekday]
    if per_day > 1:
        turn = 2 * np.pi * (hour - rng.integers(per_day)) / per_day
        mean *= 1 + rng.uniform(0.3, 0.8) * np.sin(turn)
    spread = rng.uniform(0.04, 0.1)
    noise = np.exp(spread * correlated_noise(rng, len(buckets)))
    return Process(
        mean,
        np.sqrt(mean + (spread * mean) ** 2),
        lambda means: rng.poisson(means * noise).astype(float),
    )


def durations(rng: np.random.Generator, buckets: np.ndarray, per_day: int) -> Process:
    """Return a process of log-normal seconds."""
    spread = rng.uniform(0.06, 0.2)
    noise = np.exp(spread * correlated_noise(rng, len(buckets)))
    mean = np.full(len(buckets), np.exp(rng.uniform(0, np.log(100))))
    return Process(mean, spread * mean, lambda means: means * noise)


def rates(rng: np.random.Generator, buckets: np.ndarray, per_day: int) -> Process:
    """Return a process of failures by tries."""
    tries = rng.integers(500, 5000)
    mean = np.full(len(buckets), rng.uniform(0.01, 0.2))
    noise = np.exp(0.05 * correlated_noise(rng, len(buckets)))
    return Process(
        mean,
        np.sqrt(mean * (1 - mean) / tries + (0.05 * mean) ** 2),
        lambda means: rng.binomial(tries, np.clip(means * noise, 0, 1)) / tries,
    )


PROCESSES = dict(zip(KINDS, (counts, durations, rates), strict=True))


def invent(rng: np.random.Generator, period: str, kind: str, fault: str) -> Series:
    """Draw a series with one fault in its third or fourth month."""
    per_day = 24 if period == "hour" else 1
    buckets = np.arange(DAYS * per_day)
    process = PROCESSES[kind](rng, buckets, per_day)
    mean = process.mean
    start = int(rng.integers(FIRST_FAULT * per_day, LAST_FAULT * per_day))
    size = rng.uniform(6, 12) * process.deviation
    raised = mean + np.maximum(size, 0.4 * mean)
    lowered = mean * np.clip(1 - np.maximum(0.4, size / mean), 0, 1)
    moved = raised if rng.random() < 0.5 else lowered
    length = int(rng.integers(1, 4)) * (3 if per_day > 1 else 1)
    after = buckets >= start
    if fault == "spike":
        means = np.where(after & (buckets < start + length), raised, mean)
    elif fault == "drop":
        means = np.where(after & (buckets < start + length), lowered, mean)
    elif fault == "level shift":
        length = 14 * per_day
        means = np.where(after, moved, mean)
    elif fault == "trend":
        rise = 4 * per_day if per_day > 1 else 14
        length = rise + 7 * per_day
        means = mean + np.clip((buckets - start) / rise, 0, 1) * 1.5 * (raised - mean)
    elif fault == "weekday change":
        length = len(buckets) - start
        weekday = buckets // per_day % 7 == rng.integers(7)
        means = np.where(after & weekday, moved, mean)
    else:
        length = int(rng.integers(2, 4)) * (4 if per_day > 1 else 1)
        means = mean
    values = process.draw(means)
    if fault == "missing":
        values[start : start + length] = np.nan
    return Series(period, kind, fault, values, start, start + length)


def invent_all(rng: np.random.Generator, each: int) -> Iterator[Series]:
    """Yield as many series of every period, kind and fault."""
    for period in PERIODS:
        for kind in KINDS:
            for fault in FAULTS:
                for _ in range(each):
                    yield invent(rng, period, kind, fault)
