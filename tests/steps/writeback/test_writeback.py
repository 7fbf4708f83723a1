"""`python -m steps.writeback`: what leaves, what does not, and that it leaves once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stand_ins.posthog import StandIn
from steps.writeback import allow_list
from tests.conftest import ENGINES, change
from tests.steps.report.report_warehouse import HOSTILE_TITLE, UNKNOWN
from tests.steps.warehouses import read_rows
from tests.steps.writeback.writeback_warehouse import (
    ALL,
    AS_OF,
    ledger_rows,
    one_line,
    sent,
)

ALWAYS = {
    "$process_person_profile": False,
    "$geoip_disable": True,
    "$ip": "",
    "$ignore_sent_at": True,
}
PROPERTIES = {
    "campaign_key",
    "layer",
    "metric",
    "verdict",
    "evidence_tier",
    "evidence_reason",
    "recipients",
    "adjusted_lift",
    "adjusted_lift_low",
    "adjusted_lift_high",
    "q_value",
    "together_with_other_pushes",
    "month",
    "segment",
    "users",
    "revision",
    *ALWAYS,
}


def test_a_dry_run_sends_nothing_and_writes_nothing(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    write_back = new_write_back()
    code, printed, errors = write_back("verdicts", "segments")
    assert (code, errors) == (0, "")
    assert stand_in.journal.exchanges == []
    schemas = read_rows(
        write_back.url, "select table_schema as name from information_schema.tables"
    )
    assert {"name": "writeback"} not in schemas
    marts, *lines = printed.splitlines()
    assert marts == "Marts: not published, as of 2026-10-31 17:05 UTC"
    # 18 campaigns of two metrics, and one window is not over
    assert lines[0] == (
        'verdicts: 34 of 34 events "push campaign verdict" are to be sent'
    )
    assert "campaign_key, layer, metric, verdict" in lines[1]
    example = json.loads(lines[2].removeprefix("  for example: "))
    assert example["distinct_id"] == "growth-warehouse"
    assert lines[3] == 'segments: 6 of 6 events "segment size" are to be sent'
    assert lines[-1] == "Nothing was sent: that takes --send"


def test_a_dry_run_needs_no_project(new_write_back: Callable) -> None:
    write_back = new_write_back()
    write_back.environment.clear()
    code, printed, _ = write_back("segments")
    assert code == 0
    assert "6 of 6" in printed


def test_both_engines_send_the_same_events(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    batches_of = {}
    for engine in ENGINES:
        code, printed, errors = new_write_back(engine=engine)(*ALL)
        assert (code, errors) == (0, "")
        assert printed == "PostHog accepted 40 events; 0 were delivered before\n"
        batches_of[engine] = sent(stand_in)
        stand_in.journal.exchanges.clear()
    assert batches_of["duckdb"] == batches_of["postgres"]
    assert len({message["uuid"] for message in batches_of["duckdb"]}) == 40


def test_a_verdict_says_how_sure_it_is_and_names_nobody(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    new_write_back()("verdicts", "--send")
    verdicts = {
        (event["properties"]["campaign_key"], event["properties"]["metric"]): event
        for event in sent(stand_in)
    }
    up = verdicts["crowded", "sessions"]
    # with another one, PostHog would take what it has for new
    assert up["uuid"] == "169bd29d-4b17-5094-ae83-179aeedc7935"
    assert up["event"] == "push campaign verdict"
    assert up["distinct_id"] == "growth-warehouse"
    # the third campaign of report_warehouse, and its layer
    assert up["timestamp"] == "2026-10-03T17:00:00+00:00"
    assert up["properties"] == {
        "campaign_key": "crowded",
        "metric": "sessions",
        "verdict": "significant_up",
        "evidence_tier": "T2b",
        "evidence_reason": "ok",
        "recipients": 80,
        "adjusted_lift": 0.25,
        "adjusted_lift_low": 0.125,
        "adjusted_lift_high": 0.375,
        "q_value": 0.0123,
        "together_with_other_pushes": True,
        "revision": 1,
        **ALWAYS,
    }
    assert verdicts["down", "sessions"]["properties"]["layer"] == 3
    assert ("open", "sessions") not in verdicts


def test_a_segment_has_a_size_each_month_even_if_it_is_empty(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    new_write_back()("segments", "--send")
    sizes = {
        (event["timestamp"], event["properties"]["segment"]): event["properties"]
        for event in sent(stand_in)
    }
    august, september = "2026-08-01T12:00:00+00:00", "2026-09-01T12:00:00+00:00"
    assert {key: properties["users"] for key, properties in sizes.items()} == {
        (august, "power"): 1,
        (august, "lurker"): 1,
        (august, "casual"): 0,
        (september, "power"): 2,
        (september, "lurker"): 1,
        (september, "casual"): 0,
    }
    assert sizes[august, "power"] == {
        "month": "2026-08-01",
        "segment": "power",
        "users": 1,
        "revision": 1,
        **ALWAYS,
    }


def test_what_is_not_on_the_list_cannot_leave(
    new_write_back: Callable,
    stand_in: StandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = allow_list.ALLOW_LIST.read_text(encoding="utf-8")
    shorter = tmp_path / "allow_list.yml"
    shorter.write_text(text.replace("      recipients: recipients\n", ""))
    monkeypatch.setattr(allow_list, "ALLOW_LIST", shorter)
    write_back = new_write_back()
    write_back(*ALL)
    bodies = b"".join(entry.request.body for entry in stand_in.journal.exchanges)
    names = {name for event in sent(stand_in) for name in event["properties"]}
    assert names == PROPERTIES - {"recipients"}
    assert {event["distinct_id"] for event in sent(stand_in)} == {"growth-warehouse"}
    assert HOSTILE_TITLE[:20].encode() not in bodies
    assert b"key of" not in bodies


def test_an_allowed_column_must_exist(
    new_write_back: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = allow_list.ALLOW_LIST.read_text(encoding="utf-8")
    wrong = tmp_path / "allow_list.yml"
    wrong.write_text(text.replace("recipients: recipients\n", "recipients: number\n"))
    monkeypatch.setattr(allow_list, "ALLOW_LIST", wrong)
    code, _, errors = new_write_back()("verdicts")
    assert code == 1
    assert "agg_push_campaign_lift has no column number" in one_line(errors)


def test_what_has_no_interval_has_no_estimate(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    few = {"verdict": "too_few_events", "recipients": 4, "adjusted_lift": 1.75}
    new_write_back({"few": few})("verdicts", "--send")
    (event,) = (
        event for event in sent(stand_in) if event["properties"]["metric"] == "sessions"
    )
    assert "adjusted_lift" not in event["properties"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "result",
    [
        UNKNOWN,
        {"recipients": 0, "verdict": "not_tracked"},
        {"recipients": 0, "verdict": "degenerate"},
    ],
    ids=["not computed", "without PostHog", "of nobody"],
)
def test_what_has_no_result_is_no_verdict(
    result: dict, engine: str, new_write_back: Callable
) -> None:
    _, printed, _ = new_write_back({"unknown": result}, engine)("verdicts")
    assert "1 of 1 events" in printed


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_is_sent_once_and_a_change_as_a_revision(
    engine: str, new_write_back: Callable, stand_in: StandIn
) -> None:
    write_back = new_write_back(engine=engine)
    assert write_back(*ALL)[0] == 0
    first = sent(stand_in)
    assert write_back(*ALL)[1] == (
        "PostHog accepted 0 events; 40 were delivered before\n"
    )
    assert sent(stand_in) == first
    verdicts = ["inconclusive", "significant_up", "inconclusive"]
    for verdict in verdicts[1:]:
        change(
            write_back.url,
            f"update aggregates.agg_push_campaign_lift set verdict = "
            f"'{verdict}' where campaign_key = 'unsure' and metric = 'sessions'",
        )
        assert write_back(*ALL)[1] == (
            "PostHog accepted 1 events; 39 were delivered before\n"
        )
    revisions = [
        event
        for event in sent(stand_in)
        if event["properties"].get("campaign_key") == "unsure"
        and event["properties"]["metric"] == "sessions"
    ]
    told = [event["properties"] for event in revisions]
    assert [properties["verdict"] for properties in told] == verdicts
    assert [properties["revision"] for properties in told] == [1, 2, 3]
    assert len({event["uuid"] for event in revisions}) == 3
    rows = ledger_rows(write_back.url)
    assert {row["event_uuid"] for row in rows} == {
        event["uuid"] for event in sent(stand_in)
    }
    assert len(rows) == 42
    assert {row["as_of"] for row in rows} == {AS_OF}


def test_another_project_gets_everything(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    write_back = new_write_back()
    assert write_back(*ALL)[0] == 0
    assert "verdicts: 0 of 34" in write_back("verdicts")[1]
    write_back.environment["POSTHOG_PROJECT_KEY"] = "phc_another"
    assert "verdicts: 34 of 34" in write_back("verdicts")[1]
