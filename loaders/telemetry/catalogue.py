"""The metrics that are known, and what may not be stored of a sample.

The seed `metric_catalog` is the configuration. A tag holds the name of an operation or
of a class of errors, a version or a hash, and nothing else.
"""

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path

from warehouse.errors import UserError
from warehouse.files import read_seed

logger = logging.getLogger(__name__)

CATALOGUE = Path(__file__).parents[2] / "seeds" / "metric_catalog.csv"
COUNTER, GAUGE, HISTOGRAM, SUMMARY = "counter", "gauge", "histogram", "summary"
TYPES = (COUNTER, GAUGE, HISTOGRAM, SUMMARY)
FIRST_PLAUSIBLE = datetime(2000, 1, 1, tzinfo=UTC)
# What lies beyond overflows in the sums and casts of the marts, and ends their build.
LARGEST, MOST_OBSERVATIONS = 1e15, 10**12
SMALLEST = 1e-15  # what is less is 0, but for how it was rounded
CLOCKS_DIFFER = timedelta(minutes=5)

WORD = re.compile(r"[\w.:+/-]{1,64}", re.ASCII)
HASH = re.compile(r"[0-9a-f]{16,64}")
OF_SOMEBODY = re.compile(
    r"(.*[_.])?(id|user|person|account|member|customer|device|session|email|name|login)"
)
VERSION = re.compile(r"(.*[_.])?version")
# One with slashes is no path unless it begins like one, or leads to somebody's home.
PATH = re.compile(r"[./~]*/.*|[A-Za-z]:/.*|.*(^|/)(home|users)/.*", re.IGNORECASE)
NUMBER = re.compile(r"\+?\d([./:-]?\d){5,}")
UUID = re.compile(r".*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}.*", re.IGNORECASE)
NUMBERED_PERSON = re.compile(
    r"(user|person|account|member|customer|device|session)[_.:/-]?\d.*", re.IGNORECASE
)
ADDRESS = re.compile(r"(\d+(?:\.\d+){3})(:\d+)?")


class RejectedError(ValueError):
    """A sample that is not stored; the message is why, and quotes nothing of it."""


@dataclass(frozen=True)
class Metric:
    """A metric of the catalogue."""

    name: str
    type: str
    unit: str
    tags: frozenset[str]


@dataclass(frozen=True)
class Series:
    """A metric with its tags.

    Attributes:
        tags: as JSON with sorted keys, as the macro `metric_tags` writes them.
    """

    metric: Metric
    tags: str
    series_id: str


@dataclass(frozen=True)
class Sample:
    """One row of the samples.

    Attributes:
        source_key: what tells it from any other of its series.
    """

    series: Series
    value: float
    observed_at: datetime
    source_key: str
    sample_count: int = 1
    quantile: float | None = None
    run_id: str | None = None

    @property
    def sample_id(self) -> str:
        """The same for the same sample, whenever and wherever it comes."""
        return digest(self.series.series_id, self.source_key)


def digest(*parts: object) -> str:
    """Return a hash of parts."""
    text = " ".join(map(str, parts))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def read_catalogue() -> dict[str, Metric]:
    """Return the metrics by name; one of an unknown type is named and left out.

    Raises:
        UserError: the seed cannot be read, or has no metric, or one twice.
    """
    metrics = {}
    for row in read_seed(CATALOGUE, ("metric", "type", "unit", "allowed_tags")):
        name, kind = row["metric"], row["type"]
        if name in metrics:
            raise UserError(f"the seed {CATALOGUE.name} has {name} twice: mend it")
        if kind not in TYPES:
            logger.warning(
                "telemetry: the samples of %s are rejected, as its type in the "
                "seed %s is none of %s: mend it",
                name,
                CATALOGUE.stem,
                ", ".join(TYPES),
            )
            continue
        tags = frozenset(filter(None, row["allowed_tags"].split("|")))
        metrics[name] = Metric(name, kind, row["unit"], tags)
    if not metrics:
        raise UserError(f"the seed {CATALOGUE.name} has no metric: restore it")
    return metrics


def series_of(metric: Metric, tags: Mapping[str, object]) -> Series:
    """Return the series of a sample.

    Raises:
        RejectedError: a tag is unknown, or may say something of a person.
    """
    texts = {
        str(name): str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in tags.items()
    }
    return _series(metric, tuple(sorted(texts.items())))


@lru_cache(maxsize=100_000)
def _series(metric: Metric, tags: tuple[tuple[str, str], ...]) -> Series:
    for name, value in tags:
        if name not in metric.tags:
            raise RejectedError("a tag is not among the allowed_tags of its metric")
        if is_personal(name, value):
            raise RejectedError(
                "a tag holds something else than the name of an operation or error, a "
                "version or a hash, which may be personal"
            )
    text = json.dumps(dict(tags))
    return Series(metric, text, digest(metric.name, text))


def is_personal(name: str, value: str) -> bool:
    """Tell whether the value of a tag may say something of a person."""
    if not WORD.fullmatch(value):
        return True  # a space, as in names; an @, as in addresses
    if VERSION.fullmatch(name):
        return False  # 1.2.3.4 is one as well
    if OF_SOMEBODY.fullmatch(name):
        return not HASH.fullmatch(value)
    forms = (PATH, NUMBER, UUID, NUMBERED_PERSON)
    return any(form.fullmatch(value) for form in forms) or _is_address(value)


def _is_address(value: str) -> bool:
    found = ADDRESS.fullmatch(value)
    try:
        ip_address(found[1] if found else value)
    except ValueError:
        return False
    return not value.isdecimal()


def checked_value(value: object, series: Series) -> float:
    """Return a value as a number.

    Raises:
        RejectedError: it is none, or none that the metric can have.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RejectedError("the value is no number")
    if not abs(value) <= LARGEST:
        raise RejectedError("the value is not finite, or beyond 10^15")
    if series.metric.type == COUNTER and value < 0:
        raise RejectedError("a counter is below 0")
    return float(value) if abs(value) >= SMALLEST else 0.0


def checked_quantile(quantile: float) -> float:
    """Return a quantile that can be one.

    Raises:
        RejectedError: it cannot.
    """
    if not 0 <= quantile <= 1:
        raise RejectedError("a quantile is not between 0 and 1")
    return quantile


def checked_time(moment: datetime, now: datetime) -> datetime:
    """Return a time that a sample can have.

    Raises:
        RejectedError: it is none.
    """
    if moment > now + CLOCKS_DIFFER:
        raise RejectedError("the time is in the future")
    if moment < FIRST_PLAUSIBLE:
        raise RejectedError("the time is before 2000")
    return moment
