"""Which numbers of the marts each graph of the product page shows."""

from datetime import date

from steps.report.formats import Row, count, share, words
from steps.report.graphs import Cell, Graph, Series
from steps.report.product.areas import ACTIVE
from steps.report.product.data import History, Product
from steps.report.product.headlines import FEW, STEPS
from steps.report.product.measures import Area

MOST_WEEKS = 26
MOST_MONTHS = 13
WEEK = "28 days to"
LEVELS = {
    "power": ("power: they do most", "blue"),
    "active": ("active: they do much", "green"),
    "casual": ("casual: they do something", "purple"),
    "lurker": ("lurker: they log in or open the app, no more", "red"),
    "inactive": ("inactive: they did nothing", "grey"),
}
CHANGES = {
    "retained_users": ("stayed: active in the week before, too", "blue", 1),
    "returned_users": ("returned: active earlier, but not the week before", "green", 1),
    "new_active_users": ("new: active for the first time", "purple", 1),
    "churned_users": ("lost: active the week before, but no more", "red", -1),
}
STAGES = {
    "new": "new: signed up in the last 7 days, nothing done yet",
    "activated": "activated: first activity in the last 30 days",
    "engaged": "engaged: active in the last 30 days",
    "dormant": "dormant: last active 31 to 90 days ago",
    "churned": "churned: last active longer ago",
    "never_active": "never active: signed up longer ago, nothing done",
}
MOST_ACTIVITIES = 15
LINES = {"mau": "blue", "wau": "green", "dau": "red"}


def active_graph(product: Product, segment: str) -> Graph:
    """Show how many were active, week by week, and since when all of it is tracked."""
    rows = product.of_segment("active by week", segment)
    series = [
        Series(
            measure.label,
            LINES[measure.name],
            [row[measure.name] for row in rows],
            [row[f"is_{measure.name}_tracked"] for row in rows],
        )
        for measure in ACTIVE.measures
        if measure.name in LINES
    ]
    mark, since = None, product.tracked_since
    if rows and since and since > rows[0]["first_date"]:
        weeks = (since - rows[0]["first_date"]).days / 7
        mark = (weeks, f"app tracked since {since}")
    columns = [str(row["last_date"]) for row in rows]
    return Graph("Active people", "people", "week to", columns, series, mark=mark)


def growth_graph(product: Product, segment: str) -> Graph:
    """Show who came, stayed, returned and was lost, week by week."""
    rows = product.of_segment("growth", segment)[-MOST_WEEKS:]
    series = [
        Series(label, colour, [sign * row[name] for row in rows])
        for name, (label, colour, sign) in CHANGES.items()
    ]
    return Graph(
        "Active people by what they did the week before",
        "people",
        "week of",
        [str(row["week_start_date"]) for row in rows],
        series,
        is_stacked=True,
    )


def levels_graph(product: Product, segment: str) -> Graph:
    """Show how many people are how engaged, month by month."""
    months: dict[date, dict[str, Row]] = {}
    for row in product.of_segment("levels", segment):
        months.setdefault(row["month_start_date"], {})[row["engagement_level"]] = row
    shown = [*months.items()][-MOST_MONTHS:]
    series = [
        Series(
            label,
            colour,
            [levels[level]["users"] if level in levels else 0 for _, levels in shown],
            [all(row["is_tracked"] for row in levels.values()) for _, levels in shown],
        )
        for level, (label, colour) in LEVELS.items()
    ]
    return Graph(
        "People by level of engagement",
        "people",
        "month",
        [f"{month:%Y-%m}" for month, _ in shown],
        series,
        is_stacked=True,
    )


def history_graph(history: History) -> Graph:
    """Show a measure over its spans."""
    spans = [history.spans[age] for age in sorted(history.spans, reverse=True)]
    values = [span.value for span in spans]
    series = Series(
        history.measure.label, "blue", values, [span.is_tracked for span in spans]
    )
    return Graph(
        history.measure.label,
        "share" if history.measure.is_share else "number",
        WEEK,
        [str(span.last_date) for span in spans],
        [series],
        is_stacked=True,
        is_share=history.measure.is_share,
    )


def cohort_rows(product: Product) -> list[tuple[str, int, list[Cell]]]:
    """Return month, size and cells of the last cohorts, the oldest first.

    A cell is empty as long as its month is not over.
    """
    cohorts: dict[date, list[Row]] = {}
    for row in product.rows["cohorts"]:
        if row["cohort_size"] is not None:
            cohorts.setdefault(row["cohort_start_date"], []).append(row)
    return [
        (
            f"{month:%Y-%m}",
            rows[0]["cohort_size"],
            [_cell(row) for row in rows[:MOST_MONTHS]],
        )
        for month, rows in reversed([*cohorts.items()][:MOST_MONTHS])
    ]


def funnel_lines(product: Product) -> list[tuple]:
    """Return how many got to each step to the first activity, and beyond."""
    lines = []
    for step in product.funnel:
        name = STEPS[step.name]
        if step.people is None:
            lines.append((name, None, "not known", "not all of it was tracked"))
        elif step.conversion is None:
            lines.append((name, step.people, count(step.people)))
        else:
            said = f"{count(step.people)}, {share(step.share)} of all"
            note = f"{share(step.conversion)} of the step before"
            lines.append((name, step.people, said, note))
    return lines


def activity_lines(product: Product, segment: str) -> list[tuple]:
    """Return what was done most in the last 28 days, and how that has changed."""
    rows = product.of_segment("activities", segment)
    before = {row["activity_type"]: row for row in rows if row["age"] == 1}
    latest = [row for row in rows if row["age"] == 0 and row["activities"]]
    newest = max((row["last_date"] for row in latest), default=None)
    lines = []
    for row in latest[:MOST_ACTIVITIES]:
        name, done = words(row["activity_type"]), row["activities"]
        old = before.get(row["activity_type"])
        if old is None or not (row["is_tracked"] and old["is_tracked"]):
            change = "the 28 days before were not all tracked"
        elif old["activities"] < FEW:
            change = f"{old['activities']} in the 28 days before"
        else:
            change = f"{100 * (done / old['activities'] - 1):+,.1f}%"
        note = f"people a day: {count(row['people_a_day'])}"
        if row["last_date"] != newest:
            note += f"; until {row['last_date']}"
        lines.append((name, done, f"{done:,}, {change}", note))
    return lines


def kind_lines(product: Product, area: Area) -> list[tuple[str, int, str]]:
    """Return what was counted of each kind of an area in the last 28 days."""
    return [
        (
            ", ".join(words(row[column]) for column in area.kinds.columns),
            row["value"],
            count(row["value"]),
        )
        for row in product.rows[f"{area.key} by kind"]
    ]


def lifecycle_lines(product: Product, segment: str) -> list[tuple[str, int, str]]:
    """Return how many people are in each stage, and which part of all."""
    rows = product.of_segment("lifecycle", segment)
    people = {row["lifecycle_stage"]: row["people"] for row in rows}
    total = sum(people.values())
    return [
        (
            label,
            people.get(stage, 0),
            f"{people.get(stage, 0):,}, {share(people.get(stage, 0) / total)}",
        )
        for stage, label in STAGES.items()
        if total
    ]


def _cell(row: Row) -> Cell:
    if not row["is_mature"]:
        return Cell("", None)
    if not row["is_tracked"]:
        return Cell("not tracked", None, is_tracked=False)
    return Cell(share(row["cohort_retention_share"]), row["cohort_retention_share"])
