"""What to do next: only what the verdicts and the marts beside them carry."""

from collections import defaultdict
from dataclasses import dataclass

from steps.holdout.sample_size import Usual, people_required
from steps.report.formats import Row
from steps.report.pushes.effects import worth_knowing
from steps.report.pushes.model import Report

TENTH = 0.1
HALF = 0.5
MOST_CROWDED = 5
DIMENSIONS = {
    "send_hour": "Hour of the day (UTC)",
    "weekday": "Day of the week",
    "hours_since_last_push": "Time since the push before",
    "pushes_in_30_days": "Pushes in the 30 days before",
}


@dataclass(frozen=True)
class Crowded:
    """A push that mostly reaches people who have just had another one.

    Attributes:
        title: Its title.
        sends: How often it was sent.
        share: The share of its recipients who had, over all sends.
    """

    title: str
    sends: int
    share: float


def crowded_pushes(report: Report) -> list[Crowded]:
    """Return the pushes that follow others too closely to be told apart from them."""
    kinds = defaultdict(list)
    for campaign in report.campaigns:
        if campaign.overlap:
            kinds[campaign.kind].append(campaign)
    found = []
    for campaigns in kinds.values():
        people = sum(one.overlap["recipients"] for one in campaigns)
        before = sum(
            one.overlap["recipients"] * one.overlap["push_before_share"]
            for one in campaigns
        )
        if before >= report.parameters.max_overlapping_share * people:
            title = campaigns[0].title
            found.append(Crowded(title, len(campaigns), before / people))
    return sorted(found, key=lambda one: -one.share)[:MOST_CROWDED]


def holdout_sizes(report: Report) -> list[tuple[str, int, int]]:
    """Return the audience that shows a change worth knowing, by metric.

    Once if a tenth of it is held back, once if half of it is.
    """
    usual = {}
    for row in report.results:
        if row["recipients"] and row["post_mean"] is not None and row["post_sd"]:
            usual.setdefault(row["metric"], []).append(row)
    return [
        (
            metric,
            *(
                people_required(
                    _usual(rows),
                    worth_knowing(report.parameters) / 100,
                    share,
                    report.parameters,
                )
                for share in (TENTH, HALF)
            ),
        )
        for metric, rows in sorted(usual.items())
        if _usual(rows).mean > 0
    ]


def timing_by_metric(report: Report) -> list[tuple[str, list[tuple[str, list[Row]]]]]:
    """Return the rows of agg_push_timing by metric and dimension, in words.

    What people do most comes first.
    """
    metrics = defaultdict(lambda: defaultdict(list))
    events = defaultdict(float)
    for row in report.timing:
        metrics[row["metric"]][row["dimension"]].append(row)
        events[row["metric"]] += row["post_mean"] * row["recipients"]
    return [
        (
            metric,
            [
                (text, metrics[metric][name])
                for name, text in DIMENSIONS.items()
                if metrics[metric][name]
            ],
        )
        for metric in sorted(metrics, key=lambda metric: -events[metric])
    ]


def _usual(rows: list[Row]) -> Usual:
    people = sum(row["recipients"] for row in rows)
    mean = sum(row["recipients"] * row["post_mean"] for row in rows) / people
    variance = sum(row["recipients"] * row["post_sd"] ** 2 for row in rows) / people
    return Usual(mean, variance**0.5)
