"""What stands above every page: of when the data are, of what, and what is wrong."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter

from steps.marts import SYSTEMS, Marts, require_marts
from steps.report import quality
from steps.report.formats import NOTHING, Row
from warehouse.tables import read

QUALITY = "agg_data_quality"
QUERIES = {
    SYSTEMS: f"select * from {SYSTEMS} order by source_system",  # noqa: S608
    QUALITY: f"select * from {QUALITY} order by check_name, component",  # noqa: S608
}


@dataclass(frozen=True)
class Banner:
    """What every page says of the data it is made of.

    Attributes:
        origin: Which marts it is of, in words.
        as_of: Nothing in them is later; None without data.
        systems: Rows of dim_source_systems.
        failed: Rows of agg_data_quality: what is wrong with the data.
    """

    origin: str
    as_of: datetime | None
    systems: list[Row]
    failed: list[Row]

    @property
    def data_as_of(self) -> str:
        """The moment up to which the data tell what happened."""
        if self.as_of is None:
            return NOTHING
        return f"{self.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    @property
    def tracked_since(self) -> str | None:
        """The UTC day from which on events of the app are known."""
        days = [row["tracking_started_at"] for row in self.systems]
        known = [day for day in days if day]
        return f"{min(known).astimezone(UTC):%Y-%m-%d}" if known else None

    @property
    def loaded(self) -> list[str]:
        """The systems of which anything was loaded."""
        return [quality.SYSTEMS[system] for system in self._systems(is_configured=True)]

    @property
    def missing(self) -> list[str]:
        """The systems of which nothing ever was."""
        return [
            quality.SYSTEMS[system] for system in self._systems(is_configured=False)
        ]

    @property
    def problems(self) -> list[str]:
        """What is wrong with the data, with the consequence, a sentence or two each."""
        return [
            quality.problem(list(rows))
            for _, rows in groupby(self.failed, itemgetter("check_name"))
        ]

    def _systems(self, *, is_configured: bool) -> list[str]:
        return [
            row["source_system"]
            for row in self.systems
            if row["is_configured"] is is_configured
        ]


def read_banner(marts: Marts) -> Banner:
    """Read what is known of the data.

    Raises:
        UserError: the tables are missing.
    """
    require_marts(marts, list(QUERIES))
    rows = {
        mart: read(marts.connection, query).to_pylist()
        for mart, query in QUERIES.items()
    }
    return Banner(
        marts.description,
        marts.as_of,
        rows[SYSTEMS],
        [row for row in rows[QUALITY] if quality.is_of_data(row)],
    )
