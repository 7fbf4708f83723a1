"""What the status shows, in every form, and how it ends."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.telemetry.catalogue import read_catalogue
from steps.status import __main__ as status_command
from steps.status import dashboards
from steps.status.dashboards import ALERTS, RESOLVED, read_dashboards
from steps.status.screen import amount, sparkline
from tests.steps.status.conftest import DAY, LAST, alert, buckets

WEEK = [9.0, 10.0, 11.0, 10.0, 9.0, 10.0, 20.0]
STARTS = buckets("recorder.starts", '{"platform": "mac"}', WEEK)
ALERT = alert("recorder.starts", "critical")


def test_it_fits_80_columns_and_one_screen(show: Callable) -> None:
    nights = [
        bucket
        for number in range(12)
        for bucket in buckets(
            "night.stage_seconds",
            json.dumps({"stage": f"stage_{number}", "status": "success"}),
            [86_399.0] * 28,
        )
    ]
    names = ["recorder." + "of_a_very_long_name_" * 4, *["recorder.errors"] * 8]
    alerts = [alert(name, "warning") for name in names]
    ended = show(baselines=nights, alerts=alerts)
    lines = ended.printed.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 50
    assert "and 2 more" in lines, "stages"
    assert "and 3 more" in lines, "alerts"


def test_the_newest_value_stands_beside_what_is_usual(show: Callable) -> None:
    printed = show("recorder", baselines=STARTS).printed
    [line] = [line for line in printed.splitlines() if line.startswith("mac")]
    assert line.split() == ["mac", "10-31", "20", "10", "+100%", "▁▂▂▂▁▂█"]


def test_names_are_read_beside_any_value(show: Callable) -> None:
    of_nothing = buckets("recorder.starts", '{"platform": "mac"}', [1e15], median=1e-15)
    printed = show("recorder", baselines=of_nothing).printed
    [line] = [line for line in printed.splitlines() if line.startswith("mac")]
    assert line.split() == ["mac", "10-31", "1e+15", "1e-15", "–", "▁"]


def test_a_day_that_is_not_over_is_not_compared(show: Callable) -> None:
    today = buckets("recorder.starts", "{}", [10.0, 1.0], is_judged=False)
    content = json.loads(show("recorder", "--format", "json", baselines=today).printed)
    [row] = content["widgets"][1]["rows"]
    assert (row["at"][:10], row["value"], row["values"]) == ("2026-10-30", 10, [10])
    assert content["until"] == "2026-10-30"


def test_what_nobody_measured_is_not_0(show: Callable) -> None:
    gap = buckets("recorder.starts", '{"platform": "mac"}', [10.0, None, 10.0, None])
    printed = show("recorder", baselines=gap).printed
    [line] = [line for line in printed.splitlines() if line.startswith("mac")]
    assert line.split() == ["mac", "10-31", "–", "10", "–", "▁·▁·"]


def test_all_forms_hold_the_same_numbers(show: Callable) -> None:
    marts = {"baselines": STARTS, "alerts": [ALERT]}
    text = show("recorder", **marts).printed
    markdown, table, content = (
        show("recorder", "--format", form).printed
        for form in ("markdown", "csv", "json")
    )
    rows = [
        {"widget": widget["widget"], **row}
        for widget in json.loads(content)["widgets"]
        for row in widget["rows"]
    ]
    of_alert, of_starts = rows
    assert of_alert["message"] == ALERT["message"]
    assert (of_starts["value"], of_starts["usual"], of_starts["mean"]) == (
        20,
        10,
        pytest.approx(sum(WEEK) / 7),
    )
    assert (of_starts["low"], of_starts["high"]) == (7, 13)
    for row, found in zip(rows, csv.DictReader(io.StringIO(table)), strict=True):
        for name, value in row.items():
            written = json.dumps(value) if isinstance(value, list | dict) else value
            assert found[name] == ("" if written is None else str(written)), name
    for form in (text, markdown):
        plain = form.replace("\\", "")
        for cell in ("20", "+100%", "▁▂▂▂▁▂█", "critical", "10-31"):
            assert cell in plain


def test_a_tag_is_asked_for_before_a_limit(show: Callable) -> None:
    several = [
        bucket
        for number in range(9)
        for bucket in buckets(
            "recorder.starts", f'{{"platform": "p{number}"}}', [100.0 - number]
        )
    ]
    arguments = ["recorder", "--tag", "platform=p8", "--format", "json"]
    content = json.loads(show(*arguments, baselines=several, alerts=[ALERT]).printed)
    assert [len(widget["rows"]) for widget in content["widgets"][:2]] == [0, 1]
    assert content["widgets"][1]["rows"][0]["tags"] == {"platform": "p8"}


@pytest.mark.parametrize(
    ("severity", "resolved_at", "code"),
    [("critical", None, 1), ("critical", LAST, 0), ("warning", None, 0)],
)
def test_only_an_open_critical_alert_is_a_failure(
    show: Callable, severity: str, resolved_at: object, code: int
) -> None:
    opened = alert(
        "recorder.starts", severity, opened_at=LAST - DAY, resolved_at=resolved_at
    )
    assert show(baselines=STARTS, alerts=[opened]).code == code


def test_a_past_day_is_shown_as_it_was(show: Callable) -> None:
    resolved = alert(
        "recorder.starts", "critical", opened_at=LAST - 2 * DAY, resolved_at=LAST
    )
    arguments = ["recorder", "--since", "2026-10-28", "--until", "2026-10-30"]
    ended = show(*arguments, baselines=STARTS, alerts=[resolved])
    assert ended.code == 1
    assert "▁▂█" not in ended.printed
    assert "10-30" in ended.printed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing"], "invalid choice: 'nothing'"),
        (["--tag", "mac"], "'mac' is no tag"),
        (["--since", "yesterday"], "'yesterday' is no day"),
        (["--until", "0001-01-02"], "'0001-01-02' is no day"),
        (["--until", "9999-12-31"], "'9999-12-31' is no day"),
        (["--since", "2026-10-31", "--until", "2026-10-30"], "--since is after"),
        (["--format", "xml"], "invalid choice: 'xml'"),
        (["--apply"], "--apply is of prune"),
        (["prune", "--format", "csv"], "prune takes nothing but --apply"),
    ],
)
def test_wrong_use_is_told(
    show: Callable, capsys: pytest.CaptureFixture[str], arguments: list, told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        show(*arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_what_is_still_to_come_is_empty(show: Callable) -> None:
    printed = show("recorder", "--since", "2026-12-01", baselines=STARTS).printed
    assert "2026-12-01 to 2026-12-01" in printed
    assert "Recordings started: none" in printed


def test_an_app_that_left_the_catalogue_has_nothing_to_show(
    show: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        status_command,
        "read_catalogue",
        lambda: {
            name: metric
            for name, metric in read_catalogue().items()
            if not name.startswith("recorder.")
        },
    )
    assert "Memory: none" in show("recorder", baselines=STARTS).printed


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("overview,first,alerts,*,6,Open alerts", "position or line_limit is no whole"),
        ("overview,1,pie,*,6,Open alerts", "whose widget is none of alerts, resolved"),
        ("overview,1,alerts", "has a line that lacks one of the columns dashboard"),
    ],
)
def test_a_seed_of_which_no_widget_can_be_made_is_told(
    show: Callable,
    working_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    told: str,
) -> None:
    seed = working_directory / "status_dashboards.csv"
    seed.write_text(f"dashboard,position,widget,metric,line_limit,title\n{line}\n")
    monkeypatch.setattr(dashboards, "SEED", seed)
    ended = show(baselines=STARTS)
    assert (ended.code, ended.told.count("\n")) == (1, 1)
    assert told in ended.told


def test_without_telemetry_it_is_one_line(show: Callable) -> None:
    ended = show(baselines=[])
    assert ended.code == 1
    assert ended.told.startswith("error: this warehouse has no telemetry: run `make")
    assert ended.told.count("\n") == 1


def test_every_widget_is_about_a_metric_that_is_known() -> None:
    metrics = read_catalogue()
    for widgets in read_dashboards().values():
        assert widgets
        for widget in widgets:
            assert widget.kind in (ALERTS, RESOLVED) or widget.metrics(metrics)


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (None, "s", "–"),
        (0.0, "s", "0 ms"),
        (0.0123, "s", "12.3 ms"),
        (90.0, "s", "1.5 min"),
        (3e8, "By", "300 MB"),
        (5200.0, "{row}", "5,200"),
        (0.25, "{row}", "0.25"),
        (1e15, "{row}", "1e+15"),
    ],
)
def test_an_amount_has_its_unit(value: float | None, unit: str, written: str) -> None:
    assert amount(value, unit) == written


@pytest.mark.parametrize(
    ("values", "drawn"),
    [([], ""), ([5.0, 5.0], "▁▁"), ([0.0, None, 7.0], "▁·█"), ([0, 0, 9, 5, 9], "▁▅█")],
)
def test_a_sparkline_is_as_wide_as_it_may_be(values: list, drawn: str) -> None:
    assert sparkline(values, width=3) == drawn
