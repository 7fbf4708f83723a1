"""The report as an Excel workbook: every column of the marts, to sort and filter."""

from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from steps.report.formats import Row
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
HEADING = 1
MOST_UNITS = 32_767  # of UTF-16, in a cell
NOT_IN_XML = str.maketrans(dict.fromkeys("\ufffe\uffff"))


def workbook(report: Report) -> bytes:
    """Write the workbook.

    Returns:
        The content of an xlsx file, the same bytes for the same report.
    """
    content = BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"created": CREATED})
        bold = book.add_format({"bold": True})
        numbers = [
            {"name": name, "value": value} for name, value in report.numbers.items()
        ]
        series = [row for one in report.series for row in one.results]
        balance = [
            row
            for campaign in report.campaigns
            for rows in campaign.balance.values()
            for row in rows
        ]
        sheets = {
            "series": (SERIES, series),
            "campaigns": (f"{LIFT}, {DIAGNOSTICS}", report.results),
            "balance": (BALANCE, balance),
            "layers": (LAYERS, report.layers),
            "rankings": (RANKINGS, report.rankings),
            "data quality": (QUALITY, report.quality),
            "methodology": (LIFT, numbers),
        }
        for name, (mart, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.add_write_handler(str, _write_text)
            sheet.write(0, 0, f"{mart} · run {report.run_id}")
            _write_rows(sheet, rows, bold)
    return content.getvalue()


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


def _write_rows(sheet: Worksheet, rows: list[Row], heading: Format) -> None:
    """Write rows below their names, frozen and with filters."""
    if not rows:
        return
    sheet.write_row(HEADING, 0, rows[0], heading)
    for number, row in enumerate(rows, HEADING + 1):
        sheet.write_row(number, 0, row.values())
    sheet.freeze_panes(HEADING + 1, 0)
    sheet.autofilter(HEADING, 0, HEADING + len(rows), len(rows[0]) - 1)
    sheet.autofit()
