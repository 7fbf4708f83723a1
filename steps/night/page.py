"""What became of a night, in a page of text that a terminal and Markdown show alike."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from steps.night.journal import SKIPPED, SUCCESS, Recorded
from steps.night.night import Night
from steps.night.resume import stages_to_run
from steps.night.stages import PUBLISH, STAGES
from warehouse.connection import is_spark

FILE = Path("reports/night.md")
SOURCE_HEADINGS = ("source", "loaded", "new", "changed", "deleted", "rejected")
STAGE_HEADINGS = ("stage", "status", "time", "rows", "what")


def page(night: Night) -> str:
    """Return the page of the stages that have ended."""
    stages = [
        night.stages[stage.name] for stage in STAGES if stage.name in night.stages
    ]
    lines = [
        f"# Night {night.number}: {'all is well' if night.is_well else 'FAILED'}",
        "",
        f"{_minute(stages[0].started_at)} to {_minute(stages[-1].ended_at)} UTC. "
        f"{_published(night)}",
        "",
        *_table(STAGE_HEADINGS, [_cells(stage) for stage in stages]),
    ]
    if night.loaded:
        sources = [
            (
                one.source,
                "whole" if one.is_whole else "FAILED",
                *(f"{rows:,}" for rows in (one.new, one.changed)),
                *(f"{rows:,}" for rows in (one.deleted, one.rejected)),
            )
            for one in night.loaded
        ]
        lines += ["", *_table(SOURCE_HEADINGS, sources)]
    if not night.is_well:
        load_run, now = stages[0].load_run, datetime.now(UTC)
        left = stages_to_run(stages, night.code, load_run, now)
        again = "begins anew" if left == STAGES else f"goes on with {left[0].name}"
        lines += ["", f"Once that is mended, `make night` {again}."]
    return "\n".join(lines) + "\n"


def _published(night: Night) -> str:
    publish = night.stages[PUBLISH.name]
    if publish.status != SUCCESS and is_spark(night.url):
        return (
            "Readers see what is built, though there is a reason against it: see "
            "below. The report that was made before stands."
        )
    if publish.status != SUCCESS:
        return "Nothing is published: what was published before stands, and its report."
    absent = ", ".join(night.failed_sources)
    return (
        f"Published: {publish.told}{f', without news of {absent}' if absent else ''}."
    )


def _cells(stage: Recorded) -> tuple[str, ...]:
    is_well = stage.status in (SUCCESS, SKIPPED)
    return (
        stage.stage,
        stage.status if is_well else stage.status.upper(),
        "" if stage.status == SKIPPED else _duration(stage.ended_at - stage.started_at),
        "" if stage.row_count is None else f"{stage.row_count:,}",
        stage.told.replace("|", "/"),
    )


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    """Return a table of Markdown whose columns stand below each other."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    widths[-1] = len(headings[-1])  # the last may be long
    ruler = tuple("-" * width for width in widths)
    return [
        f"| {' | '.join(map(str.ljust, row, widths))} |"
        for row in (headings, ruler, *rows)
    ]


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _duration(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
