"""A warehouse as the report finds it: campaigns of every verdict, one hostile title."""

import re
from datetime import UTC, datetime, timedelta

from steps.report.assistant.data import ORDER
from steps.report.product.data import TABLES as PRODUCT_TABLES
from steps.status.alerts import MART as ALERTS
from steps.summary.figures import TABLES as SUMMARY_TABLES
from tests.steps.report.series_rows import balance_rows, series_rows
from tests.steps.warehouses import (
    Row,
    declared_types,
    mart_table,
    parameter_table,
    write_tables,
)
from warehouse.connection import connect, is_spark

RUN_ID = "run4711"
AS_OF = datetime(2026, 10, 31, 17, 5, 3, tzinfo=UTC)
# words that say the push did something
CLAIM = re.compile(r"push (raised|lowered)|really changed|\b(more|fewer) sessions")
HOSTILE_TITLE = (
    ' \x1b[31m\u202e<script>alert("hi")</script> [[var:name]](x) [red]&\n |'
    ":smile: *b* `c` #1 www.evil.example ![i](http://evil.example/i.png)" + "W" * 90
)
SHOWN_TITLE = " ".join(
    HOSTILE_TITLE.replace("\x1b", "")
    .replace("\u202e", "")
    .replace("[[var:name]]", "(name)")
    .split()
)
RICH_TITLE = "<r>Rich & <t>plain</t></r>"
LONG_TITLE = "Long 👟" * 6_000
TITLES = {0: HOSTILE_TITLE, 1: None, 2: RICH_TITLE, 6: LONG_TITLE}
LAYERS = {1: "Moments", 3: "Behaviour", None: None}
COUNTED = {
    "recipients": 80,
    "baseline_mean": 0.5,
    "post_mean": 0.625,
    "observed_lift": 0.125,
    "is_contaminated": False,
}
OBSERVED = COUNTED | {
    "observed_low": 0.0625,
    "observed_high": 0.1875,
    "observed_q": 0.0002,
    "matched_window_lift": 0.109375,
    "matched_window_low": 0.015625,
    "matched_window_high": 0.203125,
    "z_lift": 0.09375,
    "z_low": 0.046875,
    "z_high": 0.140625,
    "outlier_sensitivity": "stable",
    "is_baseline_stable": True,
}
COMPARED = OBSERVED | {
    "design_tier": "T2a",
    "design_reason": "ok",
    "held_back_percent": -1.5,
    "held_back_p": 0.375,
    "controls": 4321,
    "matched_share": 0.99,
    "adjusted_lift": 0.25,
    "adjusted_low": 0.125,
    "adjusted_high": 0.375,
    "everyone_lift": 0.25,
    "adjusted_q": 0.0123,
    "adjusted_percent": 50.0,
    "adjusted_percent_low": 25.0,
    "adjusted_percent_high": 75.0,
    "adjusted_detectable_percent": 12.0,
    "adjusted_cap": 3,
    "full_lift": 0.28125,
    "full_low": -0.03125,
    "full_high": 0.59375,
    "cap_sensitivity": "stable",
    "first_day_lift": 0.4375,
    "first_day_low": 0.3125,
    "first_day_high": 0.5625,
    "active_points": 3.25,
    "active_points_low": 1.0,
    "active_points_high": 5.5,
    "dilution_share": 0.0,
}
UP = COMPARED | {"verdict": "significant_up"}
DOWN = COMPARED | {
    "verdict": "significant_down",
    "design_tier": "T1",
    "held_back_p": None,
    "adjusted_cap": 1,
    "adjusted_lift": -0.25,
    "adjusted_low": -0.375,
    "adjusted_high": -0.125,
    "adjusted_percent": -50.0,
    "adjusted_percent_low": -75.0,
    "adjusted_percent_high": -25.0,
}
CROWDED = UP | {
    "is_contaminated": True,
    "design_tier": "T2b",
    "held_back_percent": 9.0,
    "held_back_p": 0.125,
    "matched_share": 0.875,
    "is_placebo_passed": False,
    "dilution_share": 0.28125,
    "cap_sensitivity": "significance_change",
    "outlier_sensitivity": "sign_change",
    "is_baseline_stable": False,
}
UNSURE = COMPARED | {"verdict": "inconclusive", "adjusted_q": 0.5}
SMALL = UNSURE | {"verdict": "underpowered", "adjusted_detectable_percent": 45.0}
NO_CLAIM = OBSERVED | {"verdict": "descriptive_only", "design_tier": "T3"}
# an adjusted lift without an interval, which is not to be told
UNTOLD = COUNTED | {"adjusted_lift": 0.34375}
FEW = UNTOLD | {"verdict": "too_few_events"}
# what the mart says of sessions; offers are too few in every campaign
RESULTS: dict[str, Row] = {
    "up": UP,
    "down": DOWN,
    "crowded": CROWDED,
    "unsure": UNSURE,
    "small": SMALL,
    "no_controls": NO_CLAIM | {"design_reason": "no_controls"},
    "matched_share": NO_CLAIM | {"design_reason": "matched_share"},
    "no_weights": NO_CLAIM | {"design_reason": "no_weights"},
    "ess": NO_CLAIM | {"design_reason": "ess"},
    "balance": NO_CLAIM | {"design_reason": "balance"},
    "held_back": NO_CLAIM | {"design_reason": "held_back"},
    "no_history": NO_CLAIM | {"design_reason": "no_history"},
    "placebo_short": NO_CLAIM | {"design_reason": "placebo_short"},
    "srm": NO_CLAIM | {"verdict": "invalid_srm", "design_reason": "srm"},
    "open": UNTOLD | {"verdict": "incomplete"},
    "few": FEW,
    "alike": COUNTED | {"verdict": "degenerate"},
    "nobody": {"recipients": 0, "verdict": "degenerate"},
}
UNKNOWN = {"recipients": 80, "verdict": "not_computed", "run_id": None}
QUALITY = [
    {
        "score": "data_quality",
        "component": "total",
        "check_name": "data_quality_total",
        "value_share": 0.921875,
        "passes_when": "at_least",
        "threshold": 0.85,
        "is_passed": True,
    },
    {
        "score": "event",
        "component": "total",
        "check_name": "event_total",
        "value_share": 0.96875,
        "passes_when": "at_least",
        "threshold": 0.95,
        "is_passed": True,
    },
    {
        "score": "extraction",
        "component": "identity_mapping",
        "check_name": "recipients_identified",
        "numerator": 3,
        "denominator": 4,
        "value_share": 0.75,
        "passes_when": "at_least",
        "threshold": 0.95,
        "is_passed": False,
        "recommendation": "Send the user id.",
    },
    {
        "score": "statistical_adequacy",
        "component": "total",
        "check_name": "statistical_adequacy_total",
        "value_share": 0.125,
        "passes_when": "at_least",
        "threshold": 0.8,
        "is_passed": False,
        "recommendation": "Send to more people.",
    },
]


def write_report_warehouse(url: str, results: dict[str, Row]) -> list[Row]:
    """Create what the report reads, and return its results.

    Args:
        url: An empty warehouse.
        results: The values of the sessions of each campaign.
    """
    lift = lift_rows(results)
    compared = [row for row in lift if row.get("adjusted_low") is not None]
    diagnostics = declared_types("agg_push_lift_diagnostics")
    rows = {
        "agg_push_campaign_lift": campaign_lift_rows(results),
        "agg_push_lift_diagnostics": [
            {name: row[name] for name in row if name in diagnostics} for row in lift
        ],
        "agg_push_hourly_response": [row for key in results for row in _hours(key)],
        "agg_push_layer_summary": [_pooled("layer", 1), _pooled("all", None)],
        "agg_push_rankings": _ranked(compared),
        "agg_data_quality": QUALITY,
        "agg_push_overlap": [],
        "agg_push_history": [],
        "agg_push_timing": [],
        "agg_push_correlation": [],
        "agg_push_value": [],
        "agg_push_placebo_lift": [
            week for key, row in results.items() for week in _weeks(key, row)
        ],
        "agg_push_covariate_balance": [
            row
            for key in ("up", "balance")
            if key in results
            for row in balance_rows(key)
        ],
        "agg_push_series_lift": series_rows() if results else [],
    }
    # no assistant, no product, no alerts
    others = {*ORDER, *PRODUCT_TABLES, *SUMMARY_TABLES, ALERTS} - rows.keys()
    rows |= {name: [] for name in others}
    tables = {f"aggregates.{name}": mart_table(name, rows[name]) for name in rows}
    tables["core.dim_users"] = tables.pop("aggregates.dim_users")
    del tables["aggregates.dim_source_systems"]
    names = [
        {"campaign_key": row["campaign_key"], "layer_name": LAYERS[row["layer_id"]]}
        for row in lift[::2]
    ]
    tables["core.dim_campaigns"] = mart_table("dim_campaigns", names)
    tables["core.dim_source_systems"] = mart_table(
        "dim_source_systems", [{"source_system": "posthog", "as_of": AS_OF}]
    )
    write_tables(url, tables | {"seeds.push_parameters": parameter_table()})
    with connect(url) as connection, connection.cursor() as cursor:
        table, column = "aggregates.agg_push_campaign_lift", "adjusted_lift"
        cursor.execute(
            f"alter table {table} alter column {column} comment 'How much more.'"
            if is_spark(url)
            else f"comment on column {table}.{column} is 'How much more.'"
        )
        connection.commit()
    return lift


def campaign_lift_rows(results: dict[str, Row]) -> list[Row]:
    """Return agg_push_campaign_lift of the results.

    Args:
        results: The values of the sessions of each campaign.
    """
    readable = declared_types("agg_push_campaign_lift")
    diagnostics = declared_types("agg_push_lift_diagnostics")
    return [
        {name: row[name] for name in row if name in readable or name not in diagnostics}
        for row in lift_rows(results)
    ]


def lift_rows(results: dict[str, Row]) -> list[Row]:
    """Return the results, two rows per campaign, with the columns of both marts.

    Args:
        results: The values of the sessions of each campaign.
    """
    return [
        _campaign(key, number) | {"metric": metric, "run_id": RUN_ID} | values
        for number, (key, sessions) in enumerate(results.items())
        for metric, values in (("offers_created", FEW), ("sessions", sessions))
    ]


def _campaign(key: str, number: int) -> Row:
    """Send campaigns a day apart, the first with a hostile title, in turn by layer."""
    return {
        "campaign_key": key,
        "title": TITLES.get(number, f"Push {number}"),
        "layer_id": list(LAYERS)[number % len(LAYERS)],
        "sent_at": datetime(2026, 10, 1, 17, tzinfo=UTC) + timedelta(days=number),
    }


def _hours(key: str) -> list[Row]:
    """Count 2 sessions an hour before and 6 after a push to 80 recipients."""
    return [
        {
            "campaign_key": key,
            "metric": metric,
            "hours_after": hour,
            "recipients": 80,
            "events": (2 if hour < 0 else 6) if metric == "sessions" else 0,
        }
        for metric in ("offers_created", "sessions")
        for hour in range(-48, 72)
    ]


def _weeks(key: str, sessions: Row) -> list[Row]:
    """Shift the lifts of the comparison by one from those of before/after."""
    kinds = {"observed": 0.0}
    if sessions.get("design_tier") == "T2b":
        kinds["reselected"] = 1.0
    return [
        {
            "campaign_key": key,
            "metric": "sessions",
            "kind": kind,
            "weeks_before": weeks,
            "lift": shift + (weeks - 4) / 64,
        }
        for kind, shift in kinds.items()
        for weeks in range(1, 9)
    ]


def _pooled(scope: str, layer_id: int | None) -> Row:
    return {
        "scope": scope,
        "layer_id": layer_id,
        "metric": "sessions",
        "estimate": "adjusted",
        "pooled_campaigns": 5,
        "recipients": 400,
        "pooled_lift": 0.03125,
        "pooled_low": -0.0625,
        "pooled_high": 0.125,
        "between_sd": 0.015625,
    }


def _ranked(compared: list[Row]) -> list[Row]:
    names = ("campaign_key", "metric", "title", "sent_at", "verdict")
    return [
        {name: row[name] for name in names}
        | {
            "metric_rank": rank,
            "shrunken_lift": row["adjusted_lift"] / 2,
            "shrunken_low": row["adjusted_low"] / 2,
            "shrunken_high": row["adjusted_high"] / 2,
        }
        for rank, row in enumerate(compared, 1)
    ]
