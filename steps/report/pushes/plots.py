"""Which numbers of the marts each plot of the report shows."""

from statistics import NormalDist

from steps.report import formats
from steps.report.charts import IntervalPlot, Line
from steps.report.formats import Row
from steps.report.pushes import wording
from steps.report.pushes.data import (
    DIAGNOSTICS,
    LAYERS,
    LIFT,
    PLACEBO,
    RANKINGS,
    TIMING,
)

OBSERVED = ("observed_lift", "observed_low", "observed_high")
MATCHED = ("matched_window_lift", "matched_window_low", "matched_window_high")
ADJUSTED = ("adjusted_lift", "adjusted_low", "adjusted_high")
FULL = ("full_lift", "full_low", "full_high")
FIRST_DAY = ("first_day_lift", "first_day_low", "first_day_high")
EVERYONE = ("everyone_lift", "everyone_low", "everyone_high")
POOLED = ("pooled_lift", "pooled_low", "pooled_high")
SHRUNKEN = ("shrunken_lift", "shrunken_low", "shrunken_high")
OUTLIER_RULES = {
    "iqr": "without quartile outliers",
    "z": "without z outliers",
    "capped": "with capped rates",
}


def lift_plot(row: Row, reselected: list[Row], observed: list[Row]) -> IntervalPlot:
    """Show what one result is by each method, and at dates without the push.

    Args:
        row: A result: a row of agg_push_campaign_lift and of agg_push_lift_diagnostics.
        reselected: Its rows of agg_push_placebo_lift, of the kind `reselected`.
        observed: Those of the kind `observed`.
    """
    lines = [Line("comparable people (adjusted)", "adjusted", LIFT, ADJUSTED)]
    if row["adjusted_low"] is not None:
        first_day = "first 24 hours alone (adjusted)"
        lines = [
            _line(row, "comparable people (adjusted)", "adjusted", ADJUSTED),
            _line(row, "every event counted (adjusted)", "sensitivity", FULL),
            _line(row, first_day, "sensitivity", FIRST_DAY, DIAGNOSTICS),
        ]
        if row["everyone_lift"] not in (None, row["adjusted_lift"]):
            label = "also with other pushes (adjusted)"
            lines.append(_line(row, label, "sensitivity", EVERYONE, DIAGNOSTICS))
    lines += _dates("weeks before (adjusted)", reselected)
    lines.append(_line(row, "before/after (observed)", "observed", OBSERVED))
    lines += _dates("weeks before (observed)", observed)
    lines.append(_line(row, "same hours, weeks before (observed)", "observed", MATCHED))
    # where outliers change nothing, a sentence says so
    rules = OUTLIER_RULES if row["outlier_sensitivity"] != "stable" else {}
    for rule, label in rules.items():
        columns = (f"{rule}_lift", f"{rule}_low", f"{rule}_high")
        lines.append(
            _line(row, f"{label} (observed)", "observed", columns, DIAGNOSTICS)
        )
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


def ranking_plot(rows: list[Row]) -> IntervalPlot:
    """Show the best campaigns of one metric.

    Args:
        rows: Rows of agg_push_rankings, best first.
    """
    return IntervalPlot([_ranked_line(row) for row in rows])


def timing_plot(rows: list[Row], alpha: float) -> IntervalPlot:
    """Show what people did after pushes of each bucket of a timing dimension.

    Args:
        rows: Rows of agg_push_timing of one metric and dimension.
        alpha: One minus the certainty of the intervals.
    """
    return IntervalPlot([_timing_line(row, alpha) for row in rows])


def _timing_line(row: Row, alpha: float) -> Line:
    ends = None, None
    if row["observed_se"] is not None:
        reach = NormalDist().inv_cdf(1 - alpha / 2) * row["observed_se"]
        ends = row["observed_lift"] - reach, row["observed_lift"] + reach
    return Line(
        row["bucket"],
        "observed",
        TIMING,
        ("observed_lift", "observed_se", "observed_se"),
        row["observed_lift"],
        *ends,
        note=f"{formats.figure(row['recipients'])} recipients",
    )


def _dates(label: str, weeks: list[Row]) -> list[Line]:
    lifts = tuple(week["lift"] for week in weeks)
    return [Line(label, "placebo", PLACEBO, ("lift",), dots=lifts)] if weeks else []


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
