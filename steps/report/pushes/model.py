"""What a report tells: campaigns with their results, in reading order."""

from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from steps.parameters import PushParameters
from steps.report import quality
from steps.report.formats import Row
from steps.report.pushes import wording
from steps.report.pushes.campaign import Campaign
from steps.report.pushes.series import Series

LONGEST_RANKING = 10


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
        """The best campaigns of each metric by which they differ at all."""
        ranked = {
            metric: list(rows)[:LONGEST_RANKING]
            for metric, rows in groupby(self.rankings, itemgetter("metric"))
        }
        return [
            (metric, rows)
            for metric, rows in ranked.items()
            if rows[0]["shrunken_lift"] != rows[-1]["shrunken_lift"]
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


def _layer_id(campaign: Campaign) -> int | None:
    return campaign.results[0]["layer_id"]
