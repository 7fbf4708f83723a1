"""Reading the marts for a report, once and in reading order."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from steps.marts import Marts, require_marts
from steps.parameters import read_parameters
from steps.report.formats import Row
from steps.report.pushes.campaign import Campaign
from steps.report.pushes.model import Report
from steps.report.pushes.series import Series
from warehouse.tables import read

LIFT = "agg_push_campaign_lift"
DIAGNOSTICS = "agg_push_lift_diagnostics"
HOURLY = "agg_push_hourly_response"
LAYERS = "agg_push_layer_summary"
RANKINGS = "agg_push_rankings"
QUALITY = "agg_data_quality"
PLACEBO = "agg_push_placebo_lift"
BALANCE = "agg_push_covariate_balance"
SERIES = "agg_push_series_lift"
OVERLAP = "agg_push_overlap"
HISTORY = "agg_push_history"
TIMING = "agg_push_timing"
CORRELATION = "agg_push_correlation"
VALUE = "agg_push_value"
# a report keeps every column of a mart, so that it cannot fall behind it
QUERIES = {
    LIFT: """
        select lift.*, campaigns.layer_name, campaigns.is_layer_inferred
        from agg_push_campaign_lift as lift
        inner join dim_campaigns as campaigns
            on lift.campaign_key = campaigns.campaign_key
        order by
            lift.layer_id nulls last, lift.sent_at, lift.campaign_key, lift.metric
    """,
    DIAGNOSTICS: """
        select * from agg_push_lift_diagnostics
    """,
    HOURLY: """
        select * from agg_push_hourly_response
        order by campaign_key, metric, hours_after
    """,
    PLACEBO: """
        select * from agg_push_placebo_lift
        order by campaign_key, metric, kind, weeks_before
    """,
    BALANCE: """
        select * from agg_push_covariate_balance
        order by campaign_key, metric, covariate
    """,
    SERIES: """
        select * from agg_push_series_lift
    """,
    LAYERS: """
        select * from agg_push_layer_summary
        order by scope desc, layer_id nulls last, metric, estimate
    """,
    RANKINGS: """
        select * from agg_push_rankings
        order by metric, metric_rank, campaign_key
    """,
    OVERLAP: """
        select * from agg_push_overlap
    """,
    HISTORY: """
        select * from agg_push_history
    """,
    TIMING: """
        select * from agg_push_timing
        order by metric, dimension, lower_bound
    """,
    CORRELATION: """
        select * from agg_push_correlation
        where estimate = 'adjusted'
        order by correlation desc nulls last, metric, other_metric
    """,
    VALUE: """
        select * from agg_push_value
        order by value_usd desc nulls last, campaign_key, metric
    """,
    QUALITY: """
        select * from agg_data_quality
        order by as_of, score, component, check_name
    """,
}
PARAMETERS = "push_parameters"
TABLES = [*QUERIES, "dim_campaigns", PARAMETERS]


def read_report(marts: Marts) -> Report:
    """Read the marts.

    Raises:
        UserError: their tables are missing.
    """
    require_marts(marts, TABLES)
    connection = marts.connection
    parameters = read_parameters(connection, PARAMETERS)
    rows = {
        mart: read(connection, query).to_pylist() for mart, query in QUERIES.items()
    }
    diagnostics = {_key(row): row for row in rows[DIAGNOSTICS]}
    lifts = [row | diagnostics[_key(row)] for row in rows[LIFT]]
    placebo, hourly, balance = (
        _by_campaign(rows[mart]) for mart in (PLACEBO, HOURLY, BALANCE)
    )
    overlap = {row["campaign_key"]: row for row in rows[OVERLAP]}
    history = defaultdict(list)
    for row in rows[HISTORY]:
        history[row["campaign_key"]].append(row)
    campaigns = [
        Campaign(
            list(results),
            placebo[key],
            hourly[key],
            balance[key],
            overlap.get(key),
            {row["metric"]: row for row in history[key]},
        )
        for key, results in groupby(lifts, itemgetter("campaign_key"))
    ]
    rows[SERIES].sort(key=lambda row: (*_series_key(row), row["metric"]))
    series = [
        Series(list(results)) for _, results in groupby(rows[SERIES], _series_key)
    ]
    return Report(
        marts.description,
        parameters,
        campaigns,
        series,
        rows[LAYERS],
        rows[RANKINGS],
        rows[QUALITY],
        rows[TIMING],
        rows[CORRELATION],
        rows[VALUE],
    )


_key = itemgetter("campaign_key", "metric")


def _series_key(row: Row) -> tuple[bool, int, str]:
    """Order series by layer and title; databases order titles each in its own way."""
    return row["layer_id"] is None, row["layer_id"] or 0, row["push_title"]


def _by_campaign(rows: Iterable[Row]) -> dict[str, dict[str, list[Row]]]:
    """Group rows by campaign and metric, in their order."""
    groups: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[row["campaign_key"]][row["metric"]].append(row)
    return groups
