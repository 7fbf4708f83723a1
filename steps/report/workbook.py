"""The report as an Excel workbook: what was found, and every column of the marts."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from steps.report.formats import Row, readable_title, words
from steps.report.pushes import series, wording
from steps.report.pushes.data import (
    BALANCE,
    DIAGNOSTICS,
    LAYERS,
    LIFT,
    QUALITY,
    RANKINGS,
    SERIES,
)
from steps.report.pushes.model import Report
from warehouse.descriptions import DescribedTable

OPTIONS = {
    "in_memory": True,
    "remove_timezone": True,
    # titles are other people's text
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}
# the same report gives the same bytes, whenever it is written
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
MOST_PIXELS = 300  # of a column
MOST_UNITS = 32_767  # of UTF-16, in a cell
NOT_IN_XML = str.maketrans(dict.fromkeys("\ufffe\uffff"))
# what the columns of the summary mean
SUMMARY = {
    "push": "Title as people read it, and the layer of a push over all its sends.",
    "sent": "The day of a single send (UTC), or how many sends speak together.",
    "metric": "What people did.",
    "recipients": "People it was sent to who are compared.",
    "verdict": "What the data say; what says most comes first.",
    "change": "How much more, or less, each recipient did than comparable people.",
    "change_low": "Lower end of its interval.",
    "change_high": "Upper end of its interval.",
    "percent": "The change by what recipients would have done without the push.",
    "percent_low": "Lower end of its interval.",
    "percent_high": "Upper end of its interval.",
    "q": "Share of chance among results that look at least as clear as this.",
    "detectable_percent": "A smaller change would hardly have been seen.",
}
TOLD = ("lift", "low", "high", "percent", "percent_low", "percent_high", "q")
UNTITLED = "(no title)"
# ids are no names: they stand last
IDS = ("campaign_key", "run_id", "method_version")
# Unit and format of numbers by their name, the first that fits, or else by their kind.
NO_UNIT = ("", "General")
COUNT = ("count", "#,##0")
UNITS = {
    r"_id$|_rank$|^value$|value_share": NO_UNIT,
    r"effect_size|^smd_|_smd$": ("standard deviations", "0.000"),
    r"(recipient|control)_mean": ("as the trait", "0.000"),
    r"percent": ("percent", '0.0"%"'),  # of 100, as in the marts
    r"_share$": ("share of 1", "0.0%"),
    r"^active_points": ("percentage points", "0.0"),
    r"(^|_)[pq]$": ("probability", "0.0000"),
    r"^change|_(lift|low|high|se|sd|mean|median)$": (
        "events per recipient and day",
        "0.0000",
    ),
}


def workbook(report: Report, tables: Iterable[DescribedTable]) -> bytes:
    """Write the workbook.

    Args:
        report: What the sheets hold.
        tables: What the marts and their columns mean.

    Returns:
        The content of an xlsx file, the same bytes for the same report.
    """
    sheets = {
        "series": ([SERIES], [row for one in report.series for row in one.results]),
        "campaigns": ([LIFT, DIAGNOSTICS, "dim_campaigns"], report.results),
        "balance": (
            [BALANCE, LIFT],
            [
                {"title": send.title, "sent_at": send.results[0]["sent_at"]} | row
                for send in report.campaigns
                for rows in send.balance.values()
                for row in rows
            ],
        ),
        "layers": ([LAYERS], report.layers),
        "rankings": ([RANKINGS], report.rankings),
        "data quality": ([QUALITY], report.quality),
    }
    described = {table.name: table for table in tables}
    found = _summary(report)
    dictionary = [
        {"sheet": "summary", "column": column, "unit": _unit(column, found)[0]}
        | {"type": "", "meaning": meaning}
        for column, meaning in SUMMARY.items()
    ] + [
        {"sheet": name, "column": column, "unit": _unit(column, rows)[0]}
        | _meaning(column, [described[mart] for mart in marts if mart in described])
        for name, (marts, rows) in sheets.items()
        for column in _ordered(rows[0] if rows else {})
    ]
    about = [{"name": name, "value": value} for name, value in report.numbers.items()]
    about += [
        {"name": f"sheet {name}", "value": ", ".join(marts)}
        for name, (marts, _) in sheets.items()
    ]
    content = BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"created": CREATED})
        for name, rows in {
            "summary": found,
            "dictionary": dictionary,
            **{name: rows for name, (_, rows) in sheets.items()},
            "methodology": about,
        }.items():
            sheet = book.add_worksheet(name)
            sheet.add_write_handler(str, _write_text)
            _write_rows(book, sheet, rows)
    return content.getvalue()


def _summary(report: Report) -> list[Row]:
    """Return each push and metric in words, what says most first."""
    found = [
        _found(row, "series", series.name(row), f"{row['sends']} sends")
        for one in report.repeated
        for row in one.results
    ] + [
        _found(row, "adjusted", readable_title(row["title"]) or UNTITLED, campaign.day)
        for campaign in report.campaigns
        for row in campaign.results
    ]
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _found(row: Row, lift: str, push: str, sent: str) -> tuple[int, Row]:
    """Return a result for people; without an interval nothing is told of a lift."""
    is_told = row[f"{lift}_low"] is not None and (
        lift != "series" or series.has_lift(row)
    )
    verdict = wording.VERDICTS[row["verdict"]]
    numbers = (row[f"{lift}_{column}"] if is_told else None for column in TOLD)
    seen = row[f"{lift}_detectable_percent"]
    cells = (push, sent, words(row["metric"]), row["recipients"], verdict)
    values = (*cells, *numbers, seen)
    return wording.verdict_order(row), dict(zip(SUMMARY, values, strict=True))


def _ordered(names: Iterable[str]) -> list[str]:
    """Put ids behind what people read."""
    names = list(names)
    first = [name for name in names if name not in IDS]
    titles = [name for name in first if name in ("title", "push_title")]
    return [*dict.fromkeys([*titles, *first]), *(one for one in IDS if one in names)]


def _meaning(name: str, tables: list[DescribedTable]) -> Row:
    """Return type and meaning of a column, the first of its name."""
    for table in tables:
        for column in table.columns:
            if column.name == name:
                return {"type": column.data_type, "meaning": column.meaning}
    return {"type": "", "meaning": ""}


def _unit(name: str, rows: list[Row]) -> tuple[str, str]:
    """Return the unit of a column of numbers, and how Excel is to write them."""
    kinds = {type(row[name]) for row in rows} - {type(None)}
    if kinds == {datetime}:
        return "time in UTC", OPTIONS["default_date_format"]
    if not kinds or kinds - {int, float}:
        return NO_UNIT
    by_kind = COUNT if kinds == {int} else ("", "0.000")
    found = (unit for pattern, unit in UNITS.items() if re.search(pattern, name))
    return next(found, by_kind)


def _write_text(
    sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None
) -> int:
    """Write a text as it is, as far as a cell can hold it; it says what it cannot."""
    text = text.translate(NOT_IN_XML)
    units = text.encode("utf-16-le")
    if len(units) > 2 * MOST_UNITS:
        told = f" [cut: {len(text):,} characters]"
        text = (
            units[: 2 * (MOST_UNITS - len(told))].decode("utf-16-le", "ignore") + told
        )
    if text.startswith("<r>") and text.endswith("</r>"):
        # xlsxwriter would take it for XML of its own; in three pieces it does not
        return sheet.write_rich_string(row, column, "<", "r", text[2:])
    return sheet.write_string(row, column, text, style)


def _write_rows(book: xlsxwriter.Workbook, sheet: Worksheet, rows: list[Row]) -> None:
    """Write rows below their names, which stay in sight and filter them."""
    if not rows:
        return
    names = _ordered(rows[0])
    sheet.write_row(0, 0, names, book.add_format({"bold": True}))
    for place, name in enumerate(names):
        style = book.add_format({"num_format": _unit(name, rows)[1]})
        for number, row in enumerate(rows, 1):
            if row[name] is not None:
                sheet.write(number, place, row[name], style)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(names) - 1)
    sheet.autofit(MOST_PIXELS)
