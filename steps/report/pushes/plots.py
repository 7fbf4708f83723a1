"""Which numbers of the marts each plot of the report shows."""

from steps.report import formats
from steps.report.charts import IntervalPlot, Line
from steps.report.formats import Row
from steps.report.pushes import series, wording
from steps.report.pushes.data import (
    DIAGNOSTICS,
    LAYERS,
    LIFT,
    PLACEBO,
    RANKINGS,
    SERIES,
)
from steps.report.pushes.model import Campaign

OBSERVED = ("observed_lift", "observed_low", "observed_high")
MATCHED = ("matched_window_lift", "matched_window_low", "matched_window_high")
ADJUSTED = ("adjusted_lift", "adjusted_low", "adjusted_high")
FULL = ("full_lift", "full_low", "full_high")
FIRST_DAY = ("first_day_lift", "first_day_low", "first_day_high")
EVERYONE = ("everyone_lift", "everyone_low", "everyone_high")
POOLED = ("pooled_lift", "pooled_low", "pooled_high")
AVERAGE = ("series_lift", "series_low", "series_high")
SHRUNKEN = ("shrunken_lift", "shrunken_low", "shrunken_high")
OUTLIER_RULES = {
    "iqr": "without quartile outliers",
    "z": "without z outliers",
    "capped": "with capped rates",
}


def lift_plot(row: Row) -> IntervalPlot:
    """Show observed against adjusted lift of one result, and what stands beside it.

    Args:
        row: A result: a row of agg_push_campaign_lift and of agg_push_lift_diagnostics.
    """
    lines = [
        _line(row, "before/after (observed)", "observed", OBSERVED),
        _line(row, "same hours, weeks before (observed)", "observed", MATCHED),
    ]
    if row["adjusted_low"] is None:
        lines.append(Line("comparable people (adjusted)", "adjusted", LIFT, ADJUSTED))
        return IntervalPlot(lines)
    both = f"{LIFT}, {DIAGNOSTICS}"
    first_day = "first 24 hours alone (adjusted)"
    lines += [
        _line(row, "comparable people (adjusted)", "adjusted", ADJUSTED),
        _line(row, "every event counted (adjusted)", "sensitivity", FULL, both),
        _line(row, first_day, "sensitivity", FIRST_DAY, DIAGNOSTICS),
    ]
    if row["everyone_low"] is not None and row["everyone_lift"] != row["adjusted_lift"]:
        label = "also with other pushes (adjusted)"
        lines.append(_line(row, label, "sensitivity", EVERYONE, DIAGNOSTICS))
    return IntervalPlot(lines)


def adjusted_check_plot(row: Row, weeks: list[Row]) -> IntervalPlot:
    """Show the adjusted lift and the same comparison at dates without the push.

    Args:
        row: A result: a row of agg_push_campaign_lift and of agg_push_lift_diagnostics.
        weeks: Its rows of agg_push_placebo_lift, of the kind `reselected`.
    """
    lines = [
        _line(row, "comparable people (adjusted)", "adjusted", ADJUSTED),
        _dates("weeks before (adjusted)", weeks),
    ]
    return IntervalPlot(lines, mark=row["adjusted_lift"])


def observed_check_plot(row: Row, weeks: list[Row]) -> IntervalPlot:
    """Show the observed lift, at dates without the push, and without outliers.

    Args:
        row: A result: a row of agg_push_campaign_lift and of agg_push_lift_diagnostics.
        weeks: Its rows of agg_push_placebo_lift, of the kind `observed`.
    """
    lines = [_line(row, "before/after (observed)", "observed", OBSERVED)]
    if weeks:
        lines.append(_dates("weeks before (observed)", weeks))
    for rule, label in OUTLIER_RULES.items():
        columns = (f"{rule}_lift", f"{rule}_low", f"{rule}_high")
        lines.append(_line(row, label, "sensitivity", columns, DIAGNOSTICS))
    return IntervalPlot(lines)


def forest_plot(campaigns: list[Campaign], pooled: Row) -> IntervalPlot:
    """Show the adjusted lifts of a layer in one metric, and the pooled one below.

    Args:
        campaigns: The campaigns of the layer.
        pooled: A row of agg_push_layer_summary.
    """
    lines = [
        _line(
            row,
            f"{campaign.day} {campaign.title}",
            "adjusted",
            ADJUSTED,
            key=campaign.key,
        )
        for campaign in campaigns
        for row in campaign.results
        if row["metric"] == pooled["metric"] and row["adjusted_low"] is not None
    ]
    together = f"{pooled['pooled_campaigns']} campaigns together"
    lines.append(_line(pooled, together, "pooled", POOLED, LAYERS))
    return IntervalPlot(lines)


def pooled_plot(rows: list[Row]) -> IntervalPlot:
    """Show what a push does on average, in every metric.

    Args:
        rows: Rows of agg_push_layer_summary.
    """
    lines = [
        _line(row, formats.words(row["metric"]), "pooled", POOLED, LAYERS)
        for row in rows
    ]
    return IntervalPlot(lines)


def series_plot(rows: list[Row]) -> IntervalPlot:
    """Show the average effect of the sends of each push in one metric.

    Args:
        rows: Rows of agg_push_series_lift with a lift that may be told.
    """
    return IntervalPlot([_series_line(row) for row in rows])


def ranking_plot(rows: list[Row]) -> IntervalPlot:
    """Show the best campaigns of one metric.

    Args:
        rows: Rows of agg_push_rankings, best first.
    """
    return IntervalPlot([_ranked_line(row) for row in rows])


def _dates(label: str, weeks: list[Row]) -> Line:
    lifts = tuple(week["lift"] for week in weeks)
    return Line(label, "placebo", PLACEBO, ("lift",), dots=lifts)


def _series_line(row: Row) -> Line:
    note = f"{series.compared(row)} sends: {series.verdict(row)}"
    if row["next_low"] is not None:
        note += f". The next one: {series.next_send(row)}"
    return _line(row, series.name(row), "adjusted", AVERAGE, SERIES, note=note)


def _ranked_line(row: Row) -> Line:
    title = f"{row['metric_rank']}. {row['sent_at']:%Y-%m-%d} {wording.push_title(row)}"
    return _line(
        row,
        title,
        "adjusted",
        SHRUNKEN,
        RANKINGS,
        key=row["campaign_key"],
        note=wording.VERDICTS[row["verdict"]],
    )


def _line(
    row: Row,
    label: str,
    kind: str,
    columns: tuple[str, str, str],
    mart: str = LIFT,
    **more: str,
) -> Line:
    value, low, high = (row[column] for column in columns)
    return Line(label, kind, mart, columns, value, low, high, **more)
