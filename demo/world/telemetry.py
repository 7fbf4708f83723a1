"""What an audio recorder and the nights of a warehouse measured, with faults in it.

The recorder's starts and exports are OTLP/JSON, as the collector's file exporter writes
them: running totals, from zero with every release. The rest is in our own shape.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from demo.world.columns import iso
from demo.world.draw import MONDAY, generator
from demo.world.otlp import document, histogram, running_total
from demo.world.scale import DAY, END, HOUR, SECOND, Scale

Json = dict
Tags = dict[str, str]

# of each fault an alert as grave has to be open within a day of its beginning
SEVERITY, WITHIN_DAYS = "critical", 1
READINGS_PER_DAY = 4
RELEASED_EVERY = 7 * DAY
EXPORTS_PER_READING = 15
BOUNDS = [1, 2, 4, 6, 8, 12, 20, 40]  # of the histogram, in seconds
STAGES = {"load": 420, "build": 380, "lift": 95, "test": 240, "publish": 70}
ROWS = {("posthog", "events"): 5200, ("neon", "offers"): 900}


@dataclass(frozen=True)
class Fault:
    """Something that went wrong.

    Attributes:
        days_before_end: When it began.
        days: How long it lasted.
        kind: drop, spike, level shift or trend.
        factor: What it made of the values, of a trend at its end.
    """

    metric: str
    tags: Tags
    days_before_end: int
    days: int
    kind: str
    factor: float

    @property
    def start(self) -> int:
        """Its first instant."""
        return END - self.days_before_end * DAY

    @property
    def end(self) -> int:
        """The first instant after it."""
        return self.start + self.days * DAY

    @property
    def truth(self) -> Json:
        """What should be found of it."""
        return {
            "metric": self.metric,
            "tags": self.tags,
            "from": iso(self.start),
            "until": iso(self.end),
            "kind": self.kind,
            "severity": SEVERITY,
            "within_days": WITHIN_DAYS,
        }


MAC, WINDOWS = {"platform": "mac"}, {"platform": "windows"}
FAULTS = (
    Fault("recorder.starts", MAC, 30, 2, "drop", 0.4),
    Fault("recorder.starts", WINDOWS, 18, 1, "drop", 0),
    # it stays as it is, so it is told once
    Fault(
        "recorder.export_seconds", {"format": "wav", **MAC}, 24, 24, "level shift", 2
    ),
    Fault("recorder.memory", WINDOWS, 10, 3, "trend", 2),
    Fault("recorder.errors", {"error": "disk_full", **MAC}, 13, 1, "spike", 6),
    Fault("recorder.errors", {"error": "encoder", **WINDOWS}, 1, 1, "spike", 5),
    Fault(
        "night.stage_seconds",
        {"stage": "build", "status": "success"},
        16,
        1,
        "spike",
        4,
    ),
    Fault(
        "load.rows_new", {"source": "posthog", "table": "events"}, 9, 1, "drop", 0.05
    ),
)


@dataclass
class _Measured:
    """Draws what is measured; each series goes on from the draws before."""

    scale: Scale
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.rng = generator(self.scale, "telemetry")

    def times(self, per_day: int, after: int = 0) -> np.ndarray:
        """Return when something is measured, so many times a day."""
        count = self.scale.days * per_day
        return self.scale.start + np.arange(count) * (DAY // per_day) + after

    def values(
        self,
        metric: str,
        tags: Tags,
        times: np.ndarray,
        typical: float,
        noise: float,
        on_weekends: float = 1,
    ) -> np.ndarray:
        """Return a series: its level, the week, chance and faults."""
        is_weekend = (times - MONDAY) // DAY % 7 >= 5
        values = typical * np.where(is_weekend, on_weekends, 1)
        values = values * self.rng.normal(1, noise, len(times))
        for fault in FAULTS:
            if (fault.metric, fault.tags) == (metric, tags):
                during = (times >= fault.start) & (times < fault.end)
                rise = np.linspace(1, fault.factor, during.sum())
                values[during] *= rise if fault.kind == "trend" else fault.factor
        return values.clip(0)


def telemetry_files(scale: Scale) -> dict[str, list[Json]]:
    """Return the lines of each file."""
    measured = _Measured(scale)
    return {
        "recorder_otlp.jsonl": [*_otlp_lines(measured)],
        "recorder.jsonl": [*_recorder_lines(measured)],
        "nights.jsonl": [*_night_lines(measured)],
    }


def _line(metric: str, tags: Tags, at: int, value: float, **others: str) -> Json:
    return {
        "metric": metric,
        "value": round(float(value), 3),
        "observed_at": iso(int(at)),
        "tags": tags,
        **others,
    }


def _recorder_lines(measured: _Measured) -> Iterator[Json]:
    daily = measured.times(1, after=12 * HOUR)
    for error, platform in (("disk_full", MAC), ("encoder", WINDOWS)):
        tags = {"error": error, **platform}
        errors = measured.values("recorder.errors", tags, daily, 12, noise=0.12)
        for at, value in zip(daily, errors.round(), strict=True):
            yield _line("recorder.errors", tags, at, value)
    hourly = measured.times(24)
    memory = measured.values("recorder.memory", WINDOWS, hourly, 3e8, noise=0.03)
    for at, value in zip(hourly, memory.round(), strict=True):
        yield _line("recorder.memory", WINDOWS, at, value)


def _night_lines(measured: _Measured) -> Iterator[Json]:
    nights = measured.times(1, after=4 * HOUR)
    for stage, typical in STAGES.items():
        tags = {"stage": stage, "status": "success"}
        seconds = measured.values(
            "night.stage_seconds", tags, nights, typical, noise=0.06
        )
        yield from _nightly("night.stage_seconds", tags, nights, seconds)
    for (source, table), typical in ROWS.items():
        tags = {"source": source, "table": table}
        rows = measured.values(
            "load.rows_new", tags, nights, typical, noise=0.06, on_weekends=0.7
        )
        yield from _nightly("load.rows_new", tags, nights, rows.round())


def _nightly(
    metric: str, tags: Tags, nights: np.ndarray, values: np.ndarray
) -> Iterator[Json]:
    for number, (at, value) in enumerate(zip(nights, values, strict=True), 1):
        yield _line(metric, tags, at, value, run_id=f"demo-night-{number}")


def _otlp_lines(measured: _Measured) -> Iterator[Json]:
    """Yield a line per reading and platform, of both metrics."""
    length = DAY // READINGS_PER_DAY
    starts_of_readings = measured.times(READINGS_PER_DAY)
    for platform in (MAC, WINDOWS):
        starts = measured.values(
            "recorder.starts",
            platform,
            starts_of_readings,
            150,
            noise=0.06,
            on_weekends=0.5,
        ).round()
        format_of_export = {"format": "wav", **platform}
        level = measured.values(
            "recorder.export_seconds", format_of_export, starts_of_readings, 5, noise=0
        )
        spread = measured.rng.lognormal(0, 0.25, (len(level), EXPORTS_PER_READING))
        seconds = level[:, np.newaxis] * spread
        for number, begun in enumerate(starts_of_readings):
            released = begun - (begun - measured.scale.start) % RELEASED_EVERY
            since = slice(np.searchsorted(starts_of_readings, released), number + 1)
            when = {
                "startTimeUnixNano": f"{released * 1000}",
                "timeUnixNano": f"{(begun + length - SECOND) * 1000}",
            }
            yield document(
                {"service.name": "recorder", **platform},
                running_total("recorder.starts", "{start}", when, starts[since].sum()),
                histogram(
                    "recorder.export_seconds",
                    when,
                    seconds[since].ravel(),
                    BOUNDS,
                    {"format": "wav"},
                ),
            )
