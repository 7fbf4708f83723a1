"""Open alerts are named; Slack is told of each when it opens, and when it is over."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from steps.summary import __main__ as summary
from tests.steps.summary.conftest import AS_OF, Webhook
from warehouse.connection import connect

DROP = {
    "alert_id": "drop",
    "kind": "deviation",
    "alert_severity": "critical",
    "metric": "recorder.starts",
    "tags": '{"platform": "mac"}',
    "message": "0.00 instead of 300.00 (-100 %)",
    "times_seen": 2,
    "opened_at": AS_OF - timedelta(days=2),
    "last_seen_at": AS_OF - timedelta(days=1),
}
LONG_OVER = DROP | {"alert_id": "over", "resolved_at": AS_OF - timedelta(days=1)}
OPEN = (
    "critical: recorder.starts mac: 0.00 instead of 300.00 (-100 %), "
    "since 2026-10-30 00:00, seen 2 times"
)
RESOLVED = "resolved on 2026-11-01 00:00: recorder.starts mac"


def set_resolved(folder: Path, when: str) -> None:
    """Let a later build find that the alert is over, or open again."""
    with connect(f"duckdb:///{folder}/warehouse.duckdb") as connection:
        with connection.cursor() as cursor:
            cursor.execute(
                f"update aggregates.agg_alerts set resolved_at = {when} "  # noqa: S608
                "where alert_id = 'drop'"
            )
        connection.commit()


@pytest.fixture
def send_alerts(
    summarise: Callable, webhook: Webhook, working_directory: Path
) -> Callable[..., list[str]]:
    """Give a function that summarises and returns what Slack was told of alerts."""
    environment = {
        "SLACK_WEBHOOK_URL": webhook.url,
        "WAREHOUSE_URL": f"duckdb:///{working_directory}/warehouse.duckdb",
    }

    def send(**marts: list) -> list[str]:
        assert summarise(environment, **marts).code == 0
        lines = json.loads(webhook.received[-1])["text"].splitlines()
        return lines[11:]

    return send


def test_open_alerts_are_named(summarise: Callable, working_directory: Path) -> None:
    printed = summarise(agg_alerts=[DROP, LONG_OVER]).printed
    assert printed.splitlines()[11:13] == ["Open alerts:", OPEN]
    folder = working_directory / "reports" / "summary"
    assert f"## Open alerts\n\n* {OPEN}\n" in (folder / "2026-11-01.md").read_text()
    assert json.loads((folder / "2026-11-01.json").read_text())["alerts"] == [OPEN]


def test_slack_is_told_what_is_new_and_what_is_over(
    send_alerts: Callable, working_directory: Path
) -> None:
    assert send_alerts(agg_alerts=[DROP, LONG_OVER]) == ["New alerts:", OPEN]
    assert send_alerts() == []
    set_resolved(working_directory, "timestamptz '2026-11-01 00:00:00+00'")
    assert send_alerts() == ["Resolved alerts:", RESOLVED]
    assert send_alerts() == []
    set_resolved(working_directory, "null")
    assert send_alerts() == ["New alerts:", OPEN], "it is back"


def test_what_did_not_arrive_is_told_again(
    send_alerts: Callable, summarise: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(summary, "send", killed)
        with pytest.raises(AssertionError):
            send_alerts(agg_alerts=[DROP])
    assert send_alerts() == ["New alerts:", OPEN]
    assert send_alerts() == []


def test_of_many_alerts_the_gravest_are_told(send_alerts: Callable) -> None:
    many = [
        DROP | {"alert_id": f"{severity} {number}", "alert_severity": severity}
        for severity in ("warning", "critical")
        for number in range(8)
    ]
    lines = send_alerts(agg_alerts=many)
    assert [line.split(":")[0] for line in lines[1:11]] == [
        *["critical"] * 8,
        *["warning"] * 2,
    ]
    assert lines[11] == "and 6 more: see `make status DASHBOARD=alerts`"
    assert send_alerts() == []
