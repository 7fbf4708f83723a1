"""The chart of observed lift: one metric, one line per campaign, as SVG."""

from collections import Counter
from io import StringIO

import altair as alt

from steps import wording
from steps.wording import Row

PLOT_WIDTH = 260
ROW_HEIGHT = 15
LABEL_WIDTH = 190
COLOUR_BLIND_SAFE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"]


def lift_chart(rows: list[Row], layers: list[str]) -> str:
    """Draw observed lift and its interval per campaign, in the order of the rows.

    Args:
        rows: Rows of one metric that have an interval.
        layers: All layers of the report, so that each keeps its colour.

    Returns:
        An SVG element that loads nothing.
    """
    values = [
        {
            "campaign": label,
            "layer": wording.layer(row),
            "lift": row["lift_mean"],
            "low": row["ci_lo"],
            "high": row["ci_hi"],
        }
        for label, row in zip(_labels(rows), rows, strict=True)
    ]
    campaigns = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("campaign:N", sort=None, title=None).axis(labelLimit=LABEL_WIDTH),
        color=alt.Color("layer:N", title=None)
        .legend(orient="top", columns=2, labelLimit=LABEL_WIDTH)
        .scale(domain=layers, range=COLOUR_BLIND_SAFE),
    )
    interval = campaigns.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title="Observed lift: events per recipient and day"),
        x2="high:Q",
    )
    point = campaigns.mark_point(filled=True, size=40, opacity=1).encode(x="lift:Q")
    no_lift = alt.Chart(alt.Data(values=[{}])).mark_rule().encode(x=alt.datum(0))
    chart = (no_lift + interval + point).properties(
        width=PLOT_WIDTH, height=alt.Step(ROW_HEIGHT)
    )
    svg = StringIO()
    chart.save(svg, format="svg")
    return svg.getvalue()


def _labels(rows: list[Row]) -> list[str]:
    """Label every campaign by date and title, with a number where that repeats."""
    seen: Counter[str] = Counter()
    labels = []
    for row in rows:
        label = f"{row['sent_at']:%Y-%m-%d} {row['title']}"
        seen[label] += 1
        labels.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return labels
