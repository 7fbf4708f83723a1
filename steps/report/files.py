"""The report as files: the pages, Markdown, JSON and a workbook."""

import json
import os
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment

from steps.report.assistant import Assistant
from steps.report.assistant.page import render_assistant
from steps.report.assistant.questions import headlines as assistant_headlines
from steps.report.banner import Banner
from steps.report.formats import Row
from steps.report.front.data import Front
from steps.report.front.page import render_front
from steps.report.product.data import Product
from steps.report.product.headlines import headlines as product_headlines
from steps.report.product.page import render_product
from steps.report.pushes import checks, series, wording
from steps.report.pushes.campaign import Campaign
from steps.report.pushes.data import BALANCE, DIAGNOSTICS, HOURLY, LIFT, PLACEBO, SERIES
from steps.report.pushes.headlines import headlines as push_headlines
from steps.report.pushes.model import Report
from steps.report.pushes.page import render_pushes
from steps.report.pushes.templating import push_templates
from steps.report.workbook import workbook
from steps.summary.details import NIGHT
from warehouse.descriptions import DescribedTable

SUMMARIES = "markdown-summaries"
DAILY_SUMMARIES = "summary"


def report_files(
    banner: Banner,
    report: Report,
    product: Product,
    assistant: Assistant,
    front: Front,
    tables: list[DescribedTable],
) -> dict[str, bytes]:
    """Write the report.

    Args:
        banner: Of all pages.
        report: Of the pushes.
        product: Of what people do.
        assistant: Of the assistant, which may not be there.
        front: What the first page tells besides.
        tables: What the marts and their columns mean.

    Returns:
        The content of each file by its path, the same bytes for the same report.
    """
    templates = push_templates(banner, report)
    found = {
        "pushes.html": push_headlines(report),
        "product.html": product_headlines(product),
        "assistant.html": assistant_headlines(assistant),
    }
    texts = {
        "index.html": render_front(banner, front, found),
        "product.html": render_product(banner, product),
        "pushes.html": render_pushes(templates, report),
        "assistant.html": render_assistant(banner, assistant),
        **_strategic_reports(templates),
    }
    for campaign in report.campaigns:
        summary = templates.get_template("campaign.md.j2").render(campaign=campaign)
        texts[f"{SUMMARIES}/{campaign.file}.md"] = summary
        texts[f"json-data/{campaign.file}.json"] = _campaign_json(campaign, report)
    texts["json-data/series.json"] = _series_json(report)
    files = {path: text.encode() for path, text in texts.items()}
    return files | {"lift.xlsx": workbook(report, tables)}


def write_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Replace a folder by new files.

    The new folder is complete before it takes the place of the old one: a killed run
    leaves the old report whole, and files of campaigns that are gone go with it. The
    summaries of past days stay, and the page of the last night.
    """
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    previous = folder.with_name(f"{folder.name}.previous")
    shutil.rmtree(unfinished, ignore_errors=True)
    for name, content in files.items():
        path = unfinished / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if (folder / DAILY_SUMMARIES).exists():
        shutil.copytree(folder / DAILY_SUMMARIES, unfinished / DAILY_SUMMARIES)
    if (folder / NIGHT.name).exists():
        shutil.copy2(folder / NIGHT.name, unfinished)
    if folder.exists():
        shutil.rmtree(previous, ignore_errors=True)
        os.replace(folder, previous)
    os.replace(unfinished, folder)
    shutil.rmtree(previous, ignore_errors=True)


def _strategic_reports(templates: Environment) -> dict[str, str]:
    def link(campaign: Campaign) -> str:
        return f"../{SUMMARIES}/{campaign.file}.md"

    reports = {
        "executive-summary": ("summary.md.j2", "What our pushes changed"),
        "series": ("series.md.j2", "Push by push, over all its sends"),
        "layer-deep-dive": ("layers.md.j2", "Layer by layer"),
        "top-performers": ("rankings.md.j2", "Best pushes"),
        "methodology": ("methodology.md.j2", "Method"),
    }
    return {
        f"strategic-reports/{name}.md": (
            f"# {title}\n\n{templates.get_template(template).render(link=link)}"
        )
        for name, (template, title) in reports.items()
    }


def _campaign_json(campaign: Campaign, report: Report) -> str:
    content = {
        "campaign_key": campaign.key,
        "title": campaign.title,
        "results": _columns(
            row
            | {
                "verdict_text": wording.verdict(row),
                "notes": wording.notes(row, report.parameters),
                "adjusted_check": checks.adjusted_check(row, report.parameters),
            }
            for row in campaign.results
        ),
        "placebo": _columns_by_metric(campaign.placebo),
        "hourly": _columns_by_metric(campaign.hourly),
        "balance": _columns_by_metric(campaign.balance),
        "source": {
            "marts": report.origin,
            "run_id": report.run_id,
            "method_version": report.method_version,
            "results": [LIFT, DIAGNOSTICS],
            "placebo": PLACEBO,
            "hourly": HOURLY,
            "balance": BALANCE,
        },
    }
    return _json(content)


def _series_json(report: Report) -> str:
    content = {
        "results": _columns(
            row | {"verdict_text": series.verdict(row)}
            for one in report.series
            for row in one.results
        ),
        "source": {
            "marts": report.origin,
            "run_id": report.run_id,
            "method_version": report.method_version,
            "results": SERIES,
        },
    }
    return _json(content)


def _columns(rows: Iterable[Row]) -> dict[str, list[Any]]:
    """Turn rows into columns: names are written once, and pandas takes them as is."""
    rows = list(rows)
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _columns_by_metric(rows: dict[str, list[Row]]) -> dict[str, dict[str, list[Any]]]:
    return {
        metric: _columns(
            {name: row[name] for name in row if name not in ("campaign_key", "metric")}
            for row in some
        )
        for metric, some in rows.items()
    }


def _json(content: dict[str, object]) -> str:
    text = json.dumps(
        content,
        default=datetime.isoformat,
        allow_nan=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return f"{text}\n"
