"""Series as the report finds them, of every verdict, and traits of two campaigns."""

from datetime import UTC, datetime

from tests.steps.warehouses import Row

TRAITS = {
    "hours_since_active": (30.0, 96.0, 30.0),
    "activity_last_week": (4.5, 1.25, 4.5),
    "baseline_rate": (0.5, 0.25, 0.5),
    "root_baseline_rate": (0.625, 0.375, 0.625),
    "week_rate": (0.5, 0.125, 0.5),
    "day_count": (0.75, 0.25, 0.75),
    "is_newer_than_14_days": (0.125, 0.25, 0.125),
    "is_newer_than_30_days": (0.25, 0.5, 0.25),
}
# by title; a number beside a verdict that it does not support is not to be told
SERIES: dict[str, Row] = {
    "Finish [your] trade": {
        "layer_id": 3,
        "verdict": "significant_up",
        "sends": 6,
        "compared_sends": 5,
        "recipients": 400,
        "series_lift": 0.0625,
        "series_low": 0.015625,
        "series_high": 0.109375,
        "series_q": 0.0123,
        "series_percent": 12.5,
        "series_percent_low": 3.0,
        "series_percent_high": 22.0,
        "next_low": -0.03125,
        "next_high": 0.15625,
        "dilution_share": 0.0,
    },
    "Swap": {
        "layer_id": 1,
        "verdict": "significant_down",
        "sends": 3,
        "compared_sends": 2,
        "recipients": 300,
        "series_lift": -0.25,
        "series_low": -0.375,
        "series_high": -0.125,
        "series_q": 0.0004,
        "is_contaminated": True,
        "dilution_share": 0.25,
    },
    "Fees": {
        "layer_id": None,
        "verdict": "inconclusive",
        "sends": 2,
        "compared_sends": 2,
        "recipients": 200,
        "series_lift": 0.125,
        "series_low": -0.125,
        "series_high": 0.375,
        "series_q": 0.5,
        "series_detectable_percent": 18.0,
    },
    "Sale": {
        "layer_id": 1,
        "verdict": "too_few_sends",
        "sends": 2,
        "compared_sends": 1,
        "recipients": 80,
        "series_lift": 0.4375,
        "series_low": 0.40625,
        "series_high": 0.46875,
        "series_percent": 77.0,
    },
    "Once": {
        "layer_id": 1,
        "verdict": "too_few_sends",
        "sends": 1,
        "compared_sends": 1,
    },
}


LAST = datetime(2026, 10, 1, 17, tzinfo=UTC)


def series_rows() -> list[Row]:
    """Return agg_push_series_lift: of offers there are too few in every series."""
    counted = ("layer_id", "sends", "compared_sends")
    few = {"metric": "offers_created", "verdict": "too_few_events"}
    return [
        {"push_title": title, "last_sent_at": LAST} | row
        for title, sessions in SERIES.items()
        for row in (
            few | {name: sessions[name] for name in counted},
            sessions | {"metric": "sessions"},
        )
    ]


def balance_rows(campaign_key: str) -> list[Row]:
    """Return agg_push_covariate_balance of the sessions of one campaign."""
    return [
        {
            "campaign_key": campaign_key,
            "metric": "sessions",
            "covariate": covariate,
            "recipient_mean": recipients,
            "control_mean_before": before,
            "control_mean_after": after,
            "smd_before": 0.5,
            "smd_after": 0.0625,
        }
        for covariate, (recipients, before, after) in TRAITS.items()
    ]
