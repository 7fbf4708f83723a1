"""What is known of the product: rows of its queries, and what they say."""

from dataclasses import dataclass
from datetime import date

from steps.marts import Marts, require_marts
from steps.report.formats import Row
from steps.report.product.areas import AREAS
from steps.report.product.measures import Area, Measure
from steps.report.product.queries import product_queries
from steps.report.quality import SYSTEMS
from warehouse.dialect import dialect_of
from warehouse.tables import read

TABLES = [
    *{area.mart for area in AREAS},
    *{area.kinds.mart for area in AREAS if area.kinds},
    "agg_daily_metrics",
    "agg_weekly_metrics",
    "agg_activation_funnel",
    "agg_cohort_retention",
    "agg_user_engagement",
    "agg_daily_activity",
    "dim_users",
    "dim_source_systems",
]
FIRST_ACTIVITY = "first_activity"


@dataclass(frozen=True)
class Span:
    """A measure in one span.

    Attributes:
        value: None if it cannot be told: a share of nothing.
        of: Of how many it is a share; None if that says nothing.
        is_tracked: Whether all that counts was tracked in all of it.
    """

    first_date: date
    last_date: date
    value: float | None
    of: int | None
    is_tracked: bool


@dataclass(frozen=True)
class History:
    """A measure over the spans that are known.

    Attributes:
        spans: By age: 0 is the newest.
        absence: Why there is none.
    """

    measure: Measure
    mart: str
    spans: dict[int, Span]
    absence: str

    @property
    def value(self) -> float | None:
        """The newest value; None if it is not known, or too low."""
        return self._told(0)

    @property
    def before(self) -> float | None:
        """The value of the span before; None if it is not known, or too low."""
        return self._told(1)

    @property
    def reason(self) -> str:
        """Why one of both is not told, or empty."""
        if self.value is None:
            return self._reason(0)
        return self._reason(1) if self.before is None else ""

    def _told(self, age: int) -> float | None:
        span = self.spans.get(age)
        return span.value if span and span.is_tracked else None

    def _reason(self, age: int) -> str:
        span = self.spans.get(age)
        if span is None:
            return self.absence if age == 0 else "no 28 days before are known"
        when = "in these days" if age == 0 else "in the 28 days before"
        if not span.is_tracked:
            return f"not all of it was tracked {when}"
        return f"there was nothing to take a share of {when}"


@dataclass(frozen=True)
class Step:
    """A step of the way to the first activity.

    Attributes:
        people: Who got there; None if it was not tracked.
        share: Of those who signed up.
        conversion: Of those who got to the step before.
        lost: Who got to the step before, and no further.
    """

    name: str
    people: int | None
    share: float | None
    conversion: float | None
    lost: int | None


@dataclass(frozen=True)
class Product:
    """The rows of each query, and what they add up to."""

    rows: dict[str, list[Row]]

    @property
    def is_known(self) -> bool:
        """Whether anything is known of anybody."""
        return any(self.rows[name] for name in ("active", "signups", "lifecycle"))

    @property
    def until(self) -> date | None:
        """The last day of which it is known who was active."""
        days = [row["last_date"] for row in self.rows["active"]]
        return max(days, default=None)

    @property
    def tracked_since(self) -> date | None:
        """The UTC day since which events of the app are known."""
        starts = [row["tracking_started_at"] for row in self.rows["systems"]]
        return max((start.date() for start in starts if start), default=None)

    def of_segment(self, query: str, segment: str) -> list[Row]:
        """Return the rows of a query that are of one segment."""
        return [row for row in self.rows[query] if row["segment"] == segment]

    def histories(self, area: Area, segment: str = "all") -> list[History]:
        """Return what is measured of an area."""
        rows = self.of_segment(area.key, segment)
        return [
            History(
                measure,
                area.mart,
                {
                    row["age"]: Span(
                        row["first_date"],
                        row["last_date"],
                        row[measure.name],
                        row[f"{measure.name}_of"],
                        row[f"is_{measure.name}_tracked"],
                    )
                    for row in rows
                },
                self.absence(area.system),
            )
            for measure in area.measures
        ]

    def absence(self, system: str = "") -> str:
        """Say why nothing is told of a system; of those people sign up in without one.

        Args:
            system: Its name, or empty.
        """
        rows = [
            row
            for row in self.rows["systems"]
            if row["source_system"] == system or (not system and row["is_configured"])
        ]
        configured = [row for row in rows if row["is_configured"]]
        if not configured:
            return (
                f"{SYSTEMS[system]} is not loaded" if system else "no source is loaded"
            )
        unknown = [row for row in configured if row["known_until_at"] is None]
        if unknown:
            names = ", ".join(SYSTEMS[row["source_system"]] for row in unknown)
            return f"never loaded whole: {names}"
        return "nothing was done here, or fewer than 28 days are known"

    @property
    def funnel(self) -> list[Step]:
        """The steps of all who signed up in the months of the query together."""
        steps: list[Step] = []
        first = before = None
        for row in self.rows["funnel"]:
            people = row["users"] if row["is_tracked"] else None
            first = people if first is None else first
            steps.append(
                Step(
                    row["step"],
                    people,
                    _share(people, first),
                    _share(people, before),
                    None if None in (people, before) else before - people,
                )
            )
            before = people
        return steps

    @property
    def stop(self) -> Step | None:
        """The step to the first activity that most people do not reach; None if all."""
        names = [step.name for step in self.funnel]
        if FIRST_ACTIVITY not in names:
            return None
        until = self.funnel[: names.index(FIRST_ACTIVITY) + 1]
        stop = max(until, key=lambda step: step.lost or 0)
        return stop if stop.lost else None


def read_product(marts: Marts) -> Product:
    """Read the marts.

    Raises:
        UserError: their tables are missing.
    """
    require_marts(marts, TABLES)
    queries = product_queries(dialect_of(marts.connection))
    return Product(
        {
            name: read(marts.connection, query).to_pylist()
            for name, query in queries.items()
        }
    )


def _share(part: int | None, whole: int | None) -> float | None:
    return part / whole if whole and part is not None else None
