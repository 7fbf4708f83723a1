"""One push as it was sent: a campaign with its results."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from steps.report.formats import Row
from steps.report.pushes import wording

LONGEST_SLUG = 60
SHORT_KEY = 8


@dataclass(frozen=True)
class Campaign:
    """One campaign of the report.

    Attributes:
        results: Its rows of agg_push_campaign_lift, each with that of
            agg_push_lift_diagnostics: one per metric, at least one.
        placebo: Its lifts at dates without the push, by metric, of the kinds
            `observed` and, where the adjusted lift has such dates, `reselected`.
        hourly: Its events around the push, by metric, in order of the hour.
        balance: How alike recipients and controls were before the push, by metric: its
            rows of agg_push_covariate_balance.
        overlap: Its row of agg_push_overlap; None if it reached nobody.
        history: Its rows of agg_push_history, by metric.
    """

    results: list[Row]
    placebo: dict[str, list[Row]]
    hourly: dict[str, list[Row]]
    balance: dict[str, list[Row]]
    overlap: Row | None
    history: dict[str, Row]

    @property
    def key(self) -> str:
        """The campaign_key."""
        return self.results[0]["campaign_key"]

    @property
    def title(self) -> str:
        """The title of the push, in one line."""
        return wording.push_title(self.results[0])

    @property
    def day(self) -> str:
        """The UTC day of the first send."""
        return self.results[0]["sent_at"].strftime("%Y-%m-%d")

    @property
    def kind(self) -> tuple[str, int | None]:
        """What sends of the same push share: title and layer."""
        row = self.results[0]
        return row["title"] or self.key, row["layer_id"]

    @property
    def moment(self) -> str:
        """The UTC time of the first send, to the minute."""
        return self.results[0]["sent_at"].strftime("%Y-%m-%d %H:%M")

    @property
    def recipients(self) -> int:
        """How many people it is about."""
        return self.results[0]["recipients"]

    @property
    def month(self) -> str:
        """The UTC month of the first send."""
        return self.day[:7]

    @property
    def layer(self) -> str:
        """The number and name of the layer."""
        return wording.layer(self.results[0])

    @property
    def file(self) -> str:
        """The path of its files, without an ending, the same from run to run."""
        name = slug(f"{self.day} {self.title}")[:LONGEST_SLUG].strip("-")
        return f"{slug(self.layer)}/{name}-{self.key[:SHORT_KEY]}"

    def weeks(self, row: Row, kind: str) -> list[Row]:
        """The dates without the push of one of the results, by one method.

        None of the method of an adjusted lift that is not told.
        """
        if kind == "reselected" and row["adjusted_low"] is None:
            return []
        weeks = self.placebo.get(row["metric"], [])
        return [week for week in weeks if week["kind"] == kind]

    @cached_property
    def reportable(self) -> list[Row]:
        """The results that have enough data to show anything."""
        return [row for row in self.results if not wording.has_too_little_data(row)]

    @cached_property
    def by_importance(self) -> list[Row]:
        """The results, those that say most first."""
        return sorted(
            self.results,
            key=lambda row: (wording.verdict_order(row), row["adjusted_q"] or 1),
        )

    @cached_property
    def changed(self) -> list[Row]:
        """The results that show a change by the push."""
        return [row for row in self.results if row["verdict"] in wording.CHANGED]


def slug(text: str) -> str:
    """Make a readable file name: `Zero fees, today!` gives `zero-fees-today`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
