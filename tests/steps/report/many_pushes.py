"""Five hundred pushes as the marts would tell of them, with random numbers."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from pyarrow.types import is_floating, is_integer

from steps.parameters import PushParameters
from steps.report.pushes.campaign import Campaign
from steps.report.pushes.model import Report
from steps.report.pushes.series import Series
from tests.steps.report.series_rows import TRAITS
from tests.steps.warehouses import Row, declared_types

METRICS = (
    "closet_adds",
    "confirmed_trades",
    "offers_accepted",
    "offers_created",
    "sessions",
    "trade_machine_clicks",
    "wishlist_adds",
)
PUSHES = 500
SENDS = 5
LAYERS = {1: "Moments", 2: "Triggers", 3: "Behaviour"}
VERDICTS = ("significant_up", "inconclusive", *["underpowered"] * 8)
WEEKS = range(1, 9)


def many_pushes(parameters: PushParameters) -> Report:
    """Return a report of 500 pushes: 100 kinds, each sent five times.

    Of the seven metrics of each, four can be compared, as in the demo.

    Args:
        parameters: The settings of the method.
    """
    random = Random(4711)  # noqa: S311
    campaigns = [_campaign(number, random) for number in range(PUSHES)]
    kinds = defaultdict(list)
    for campaign in campaigns:
        kinds[campaign.kind].append(campaign)
    series = [Series(_series_rows(sends, random)) for sends in kinds.values()]
    campaigns.sort(key=lambda one: (one.results[0]["layer_id"], one.moment))
    return Report("generation 1", parameters, campaigns, series, *([[]] * 6))


def _campaign(number: int, random: Random) -> Campaign:
    key = f"{number:032x}"
    kind = number // SENDS
    sent = datetime(2026, 1, 1, 17, tzinfo=UTC) + timedelta(hours=13 * number)
    results = []
    for metric in METRICS:
        row = _random_row("agg_push_campaign_lift", random)
        row |= _random_row("agg_push_lift_diagnostics", random)
        is_compared = metric in METRICS[2:6]
        row |= {
            "campaign_key": key,
            "metric": metric,
            "title": f"Push number {kind} about [[var:product]]",
            "layer_id": kind % 3 + 1,
            "layer_name": LAYERS[kind % 3 + 1],
            "is_layer_inferred": False,
            "sent_at": sent,
            "recipients": 100 + number,
            "run_id": "run4711",
            "method_version": "lift-3",
            "verdict": random.choice(VERDICTS) if is_compared else "too_few_events",
            "design_tier": "T2a",
            "design_reason": "ok",
            "cap_sensitivity": "stable",
            "outlier_sensitivity": "stable",
            "dilution_share": 0.0,
        }
        results.append(row)
    compared = [row["metric"] for row in results if row["verdict"] != "too_few_events"]
    return Campaign(
        results,
        {
            metric: [
                {"kind": "observed", "weeks_before": week, "lift": random.gauss(0, 0.1)}
                for week in WEEKS
            ]
            for metric in compared
        },
        {
            metric: [
                {"hours_after": hour, "recipients": 100, "events": random.randrange(20)}
                for hour in range(-48, 72)
            ]
            for metric in METRICS
        },
        {
            metric: [
                {
                    "covariate": trait,
                    "recipient_mean": random.random(),
                    "control_mean_before": random.random(),
                    "control_mean_after": random.random(),
                    "smd_after": random.random() / 100,
                }
                for trait in TRAITS
            ]
            for metric in compared
        },
        _random_row("agg_push_overlap", random),
        {},
    )


def _series_rows(sends: list[Campaign], random: Random) -> list[Row]:
    title, layer_id = sends[0].kind
    return [
        _random_row("agg_push_series_lift", random)
        | {
            "push_title": title,
            "layer_id": layer_id,
            "metric": metric,
            "verdict": "inconclusive",
            "sends": len(sends),
        }
        for metric in METRICS
    ]


def _random_row(mart: str, random: Random) -> Row:
    """Fill the columns of a mart: numbers are random, all else is null."""
    row: Row = {}
    for name, kind in _columns(mart).items():
        row[name] = None
        if is_integer(kind):
            row[name] = random.randrange(999)
        elif is_floating(kind):
            row[name] = random.random()
    return row


_columns = cache(declared_types)
