"""The report in a terminal: what there is, counted, and last what was found."""

from collections import Counter

from rich.console import Console

from steps.report import formats
from steps.report.assistant import Assistant, questions, reading
from steps.report.formats import Row
from steps.report.pushes import series, wording
from steps.report.pushes.campaign import Campaign
from steps.report.pushes.model import Report
from steps.report.pushes.series import Series

WIDE = 120  # signs in a line, which have room for more columns
INDENT = "  "

Cells = list[str]
# How a push is headed, and the cells of its results.
Group = tuple[str, list[Cells]]


def print_everything(report: Report, console: Console) -> None:
    """Print every result that can be told, whatever it shows."""
    told = [(one, [*filter(series.has_lift, one.results)]) for one in report.repeated]
    _print_series(report, told, console)
    _print_sends(report, [(one, one.reportable) for one in report.campaigns], console)


def print_findings(report: Report, console: Console) -> None:
    """Print how many results there are of each kind, and last those that changed."""
    total = f"{len(report.results):,} results of {len(report.campaigns):,} sends"
    console.print(f"\n{total}, one for each metric:")
    counts = Counter(wording.VERDICTS[row["verdict"]] for row in report.results)
    for verdict in filter(counts.get, wording.VERDICTS.values()):
        console.print(f"{counts[verdict]:>5,}  {verdict}")
    for known in report.lagging:
        console.print(f"{formats.capitalised(known)}: what ended later is open.")
    console.print(f"\n{summary(report)}")
    _print_series(report, [(one, one.changed) for one in report.repeated], console)
    _print_sends(report, [(one, one.changed) for one in report.campaigns], console)


def summary(report: Report) -> str:
    """Say in a line how many pushes changed anything."""
    pushes, sends = report.repeated, report.campaigns
    raised, lowered = (
        [sum(_has(one, verdict) for one in group) for group in (pushes, sends)]
        for verdict in wording.CHANGED
    )
    return (
        f"Raised something: {raised[0]} of {len(pushes)} repeated pushes, {raised[1]} "
        f"of {len(sends)} sends; lowered: {lowered[0]} and {lowered[1]}."
    )


def print_assistant(assistant: Assistant, console: Console) -> None:
    """Print the four questions about the assistant, if there is one."""
    if assistant.is_loaded:
        console.print(f"\nThe assistant. {reading(assistant)}")
        for question in questions(assistant):
            console.print(f"{question.text} {' '.join(question.sentences)}")


def _has(push: Series | Campaign, verdict: str) -> bool:
    return any(row["verdict"] == verdict for row in push.results)


def _print_series(
    report: Report, told: list[tuple[Series, list[Row]]], console: Console
) -> None:
    headings = [*_headings(report), "sends compared", "next send"]
    groups = [
        (
            f"{one.sends} sends: {one.name}",
            [
                [
                    *_cells(row, "series"),
                    series.compared(row),
                    _between(row["next_low"], row["next_high"]),
                ]
                for row in rows
            ],
        )
        for one, rows in told
        if rows
    ]
    _print_groups("Repeated pushes, over all their sends", headings, groups, console)


def _print_sends(
    report: Report, told: list[tuple[Campaign, list[Row]]], console: Console
) -> None:
    headings = [*_headings(report), "tier", "as observed"]
    groups = [
        (
            f"{one.day}, {one.results[0]['recipients']:,} people: {one.title}",
            [
                [
                    *_cells(row, "adjusted"),
                    row["design_tier"] or formats.NOTHING,
                    formats.hundred(row["observed_lift"]),
                ]
                for row in rows
            ],
        )
        for one, rows in told
        if rows
    ]
    _print_groups("Single sends", headings, groups, console)


def _headings(report: Report) -> Cells:
    confidence = formats.share(1 - report.parameters.alpha)
    return ["a day, of 100 people", f"change [{confidence} interval]", "q", "verdict"]


def _cells(row: Row, lift: str) -> Cells:
    """Write a result; no lift is told without its interval."""
    value, low, high = (row[f"{lift}_{name}"] for name in ("lift", "low", "high"))
    told = formats.NOTHING
    if low is not None:
        told = f"{formats.hundred(value)} ({_between(low, high)})"
    verdict, _, _ = wording.VERDICTS[row["verdict"]].partition(":")
    return [
        formats.words(row["metric"]),
        told,
        formats.q_value(row[f"{lift}_q"]),
        verdict,
    ]


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return formats.NOTHING
    return f"{formats.hundred(low)} to {formats.hundred(high)}"


def _print_groups(
    title: str, headings: Cells, groups: list[Group], console: Console
) -> None:
    """Print pushes, each in a line, with its results below in columns."""
    if not groups:
        return
    rows = [headings, *(row for _, rows in groups for row in rows)]
    shown = len(headings) if console.width >= WIDE else len(headings) - 2
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:shown]

    def line(cells: Cells) -> str:
        padded = map(str.ljust, cells[:shown], widths)
        return f"{INDENT}{'  '.join(padded)}".rstrip()

    console.print(f"\n{title}\n{line(headings)}")
    for push, results in groups:
        # titles are other people's text, and the page has all of it
        console.print(push, no_wrap=True, overflow="ellipsis")
        for result in results:
            console.print(line(result))
