"""What a report tells: campaigns with their results, in reading order."""

import re
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from steps.parameters import PushParameters
from steps.report import quality
from steps.report.formats import Row
from steps.report.pushes import wording
from steps.report.pushes.series import Series

LONGEST_RANKING = 10
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


@dataclass(frozen=True)
class Report:
    """Everything a report shows, each list in reading order.

    Attributes:
        origin: Which marts it is of, in words.
        parameters: The settings of the method.
        campaigns: By layer and date.
        series: By layer and title.
        layers: Rows of agg_push_layer_summary.
        rankings: Rows of agg_push_rankings.
        quality: Rows of agg_data_quality.
        timing: Rows of agg_push_timing.
        correlations: Rows of agg_push_correlation, of adjusted lifts.
        values: Rows of agg_push_value.
    """

    origin: str
    parameters: PushParameters
    campaigns: list[Campaign]
    series: list[Series]
    layers: list[Row]
    rankings: list[Row]
    quality: list[Row]
    timing: list[Row]
    correlations: list[Row]
    values: list[Row]

    @cached_property
    def results(self) -> list[Row]:
        """The results of all campaigns."""
        return [row for campaign in self.campaigns for row in campaign.results]

    @cached_property
    def repeated(self) -> list[Series]:
        """The series that were sent more than once."""
        return [series for series in self.series if series.sends > 1]

    @cached_property
    def repeated_by_metric(self) -> list[tuple[str, list[Row]]]:
        """The results of these by metric, in both what says most first."""
        rows = sorted(
            (row for series in self.repeated for row in series.results),
            key=lambda row: (row["metric"], wording.verdict_order(row)),
        )
        groups = [
            (metric, list(group))
            for metric, group in groupby(rows, itemgetter("metric"))
        ]
        return sorted(groups, key=lambda group: wording.verdict_order(group[1][0]))

    @property
    def run_id(self) -> str:
        """The run of the statistics step that the results come from."""
        return self._first("run_id")

    @property
    def method_version(self) -> str:
        """The version of the method of that run."""
        return self._first("method_version")

    @cached_property
    def verdicts(self) -> Counter[str]:
        """The number of results of each verdict, those that say most first."""
        ordered = sorted(self.results, key=wording.verdict_order)
        return Counter(map(wording.short_verdict, ordered))

    @property
    def not_computed(self) -> int:
        """The number of results that `make lift` has not seen as they are now."""
        return self.verdicts[wording.VERDICTS["not_computed"]]

    @property
    def not_tracked(self) -> int:
        """The number of results of which nobody knows what followed the push."""
        return self.verdicts[wording.VERDICTS["not_tracked"]]

    @cached_property
    def lagging(self) -> list[str]:
        """Until when the systems are known of which much less is than of others."""
        return [
            quality.known_until(row)
            for row in self.quality
            if row["check_name"] == "system_known" and row["is_passed"] is False
        ]

    @cached_property
    def tiers(self) -> Counter[str | None]:
        """The number of results of each design."""
        return Counter(row["design_tier"] for row in self.results)

    @cached_property
    def by_layer(self) -> list[tuple[str, list[Campaign], list[Row]]]:
        """Name, campaigns and pooled adjusted lifts of each layer, in order."""
        groups = [list(group) for _, group in groupby(self.campaigns, _layer_id)]
        return [
            (group[0].layer, group, self._pooled("layer", _layer_id(group[0])))
            for group in groups
        ]

    @property
    def overall(self) -> list[Row]:
        """The pooled adjusted lifts of all campaigns, by metric."""
        return self._pooled("all", None)

    @cached_property
    def best(self) -> list[tuple[str, list[Row]]]:
        """The best campaigns of each metric."""
        return [
            (metric, list(rows)[:LONGEST_RANKING])
            for metric, rows in groupby(self.rankings, itemgetter("metric"))
        ]

    @cached_property
    def numbers(self) -> dict[str, object]:
        """What the run saw, and with which settings."""
        return {
            "marts": self.origin,
            "run": self.run_id,
            "method version": self.method_version,
            "campaigns": len(self.campaigns),
            "recipients, once for each of their campaigns": sum(
                campaign.results[0]["recipients"] for campaign in self.campaigns
            ),
            "results": len(self.results),
            "observed p-values corrected together": self._known("observed_q"),
            "adjusted p-values corrected together": self._known("adjusted_q"),
            **{
                f"setting {name}": value
                for name, value in asdict(self.parameters).items()
            },
        }

    def _pooled(self, scope: str, layer_id: int | None) -> list[Row]:
        return [
            row
            for row in self.layers
            if (row["scope"], row["layer_id"]) == (scope, layer_id)
            and row["estimate"] == "adjusted"
            and row["pooled_low"] is not None
        ]

    def _known(self, column: str) -> int:
        return sum(row[column] is not None for row in self.results)

    def _first(self, column: str) -> str:
        return next((row[column] for row in self.results if row[column]), "none")


def slug(text: str) -> str:
    """Make a readable file name: `Zero fees, today!` gives `zero-fees-today`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _layer_id(campaign: Campaign) -> int | None:
    return campaign.results[0]["layer_id"]
