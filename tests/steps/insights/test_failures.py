"""What can go wrong with an endpoint, and how each of it ends."""

import json
import threading
from decimal import Decimal

import pytest

from stand_ins.answers import Answer
from stand_ins.llm import StandIn, faults
from stand_ins.llm.faults import Fault
from steps.insights import client
from tests.steps.insights.insights_warehouse import DAY, InsightsWarehouse

ONE_AT_A_TIME = {"LLM_CONCURRENCY": "1"}
REST = ["ok", "ok"]


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        (faults.rate_limited(300), ["rate_limited", *REST]),
        (faults.fails, ["InternalServerError", *REST]),
        (faults.hangs, ["timeout", *REST]),
        (faults.drips, ["timeout", *REST]),
        (faults.breaks_off, ["APIConnectionError", *REST]),
        (faults.refuses, ["refused", *REST]),
        (faults.filtered, ["refused", *REST]),
        (faults.is_prose, ["invalid", "ok", *REST]),
        (
            faults.answers({"primary_intent": "world_domination"}),
            ["invalid", "ok", *REST],
        ),
        (faults.is_cut_off, ["invalid", "ok", *REST]),
        (faults.is_fenced, ["ok", *REST]),
    ],
)
def test_each_failure_has_a_status_and_the_others_go_on(
    insights: InsightsWarehouse,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    statuses: list[str],
) -> None:
    if "timeout" in statuses:
        monkeypatch.setattr(client, "SECONDS_TO_ANSWER", 2.0)
    insights.stand_in.faults.append(fault)
    assert insights.run(**ONE_AT_A_TIME)[0] == 0
    assert insights.statuses() == statuses
    answered = insights.rows("select count(*) as days from insights.facets")
    assert answered == [{"days": 2 + ("ok" in statuses[:-2])}]


def test_tokens_that_are_no_counts_are_not_known(insights: InsightsWarehouse) -> None:
    insights.stand_in.faults.append(faults.counts_oddly)
    assert insights.run(**ONE_AT_A_TIME)[0] == 0
    assert insights.statuses() == ["ok", *REST]
    [call] = insights.rows(
        "select input_tokens, output_tokens, cached_tokens, finish_reason "
        "from insights.calls order by called_at limit 1"
    )
    assert set(call.values()) == {None}


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (faults.quota_used_up, "rate_limited", "the quota at 127.0.0.1 is used up"),
        (faults.is_html, "NotJson", "is no chat completions API: mend the address"),
        (faults.sends_elsewhere, "APIStatusError", "127.0.0.1 sends elsewhere"),
    ],
)
def test_what_every_call_would_meet_ends_the_run(
    insights: InsightsWarehouse, fault: Fault, status: str, told: str
) -> None:
    insights.stand_in.faults.extend([None, fault])
    code, printed = insights.run(**ONE_AT_A_TIME)
    assert code == 1
    assert told in printed.splitlines()[-1]
    assert insights.statuses() == ["ok", status]
    # what was done is kept, and the rest is asked when that is mended
    assert insights.run(**ONE_AT_A_TIME)[0] == 0
    assert insights.statuses() == ["ok", status, "ok", "ok"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"LLM_API_KEY": "sk-wrong"}, "127.0.0.1 refuses LLM_API_KEY: mend the key"),
        ({"LLM_MODEL": "gpt-4o-mini"}, "127.0.0.1 has no model gpt-4o-mini"),
        ({"LLM_BASE_URL": "http://127.0.0.1:9/v1"}, "nothing answers at 127.0.0.1"),
        ({"LLM_MODEL": "nobodys-model"}, "nobodys-model has no price"),
        ({"LLM_MODEL": ""}, "LLM_MODEL is not set: to ask a model, set "),
        ({"LLM_BUDGET": ""}, "LLM_BUDGET is not set: say what a run may cost at most"),
        ({"LLM_BUDGET": "much"}, "LLM_BUDGET is 'much'"),
        ({"LLM_BUDGET": "nan"}, "LLM_BUDGET is 'nan'"),
        ({"LLM_CONCURRENCY": "0"}, "LLM_CONCURRENCY is '0': use a whole number"),
        ({"LLM_CONCURRENCY": "65"}, "use a whole number from 1 to 64"),
        ({"LLM_TOKENS_PER_MINUTE": "9" * 5000}, "use a whole number from 1 to"),
        ({"LLM_BASE_URL": "api.example/v1"}, "LLM_BASE_URL is no address"),
        ({"LLM_BASE_URL": "http://127.0.0.1:x/v1"}, "LLM_BASE_URL is no address"),
        ({"LLM_BASE_URL": "http://local\nhost/v1"}, "LLM_BASE_URL is no address"),
        (
            {"LLM_BASE_URL": f"https://{'a' * 64}.example/"},
            "LLM_BASE_URL is no address",
        ),
        ({"LLM_BASE_URL": "http://api.example/v1"}, "use https, or a tunnel"),
        ({"ASSISTANT_DATABASE_URL": ""}, "PII_HASH_KEY is set, but no source is"),
        (
            {"ASSISTANT_DATABASE_URL": "", "NEON_DATABASE_URL": "postgresql://a/b"},
            "ASSISTANT_DATABASE_URL is not set: the texts stay in that database",
        ),
        ({"PII_HASH_KEY": "another key of these tests"}, "PII_HASH_KEY is not the key"),
    ],
)
def test_bad_settings_are_one_line(
    insights: InsightsWarehouse, changed: dict[str, str], told: str
) -> None:
    code, printed = insights.run(**ONE_AT_A_TIME | changed)
    assert code == 1
    (line,) = (one for one in printed.splitlines() if one.startswith("error: "))
    assert told in line
    assert "sk-" not in printed
    assert insights.rows("select * from insights.facets") == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("llm_prices set output_per_million = null", "is empty or below 0: mend it"),
        ("llm_prices set input_per_million = -1", "is empty or below 0: mend it"),
        ("insight_thresholds set lookback_days = 1000000000", "is not from 1 to 3,660"),
        ("insight_thresholds set max_themes = 0", "max_themes of seeds/insight_thre"),
    ],
)
def test_seeds_that_make_no_sense_are_one_line(
    insights: InsightsWarehouse, change: str, told: str
) -> None:
    insights.execute(f"update seeds.{change}")
    code, printed = insights.run(**ONE_AT_A_TIME)
    assert code == 1
    [line] = printed.splitlines()
    assert told in line
    assert insights.asked() == []


@pytest.mark.parametrize(
    "arguments", [["--date", "tomorrow"], ["walk"], ["themes", "--dry-run"]]
)
def test_a_wrong_command_line_has_a_code_of_its_own(
    insights: InsightsWarehouse, arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        insights.run(*arguments)
    assert ended.value.code == 2


def test_a_run_ends_when_calls_in_a_row_fail(insights: InsightsWarehouse) -> None:
    insights.stand_in.faults.extend([faults.fails] * 2)
    insights.monkeypatch.setattr(client, "FAILURES_IN_A_ROW", 2)
    code, told = insights.run(**ONE_AT_A_TIME)
    assert code == 1
    assert "2 calls in a row failed, the last by InternalServerError" in told
    assert len(insights.asked()) == 2


def test_an_invalid_answer_is_not_paid_for_again(insights: InsightsWarehouse) -> None:
    insights.stand_in.faults.extend([faults.is_prose, faults.is_prose])
    insights.run(**ONE_AT_A_TIME)
    assert insights.statuses() == ["invalid", "invalid", "ok", "ok"]
    attempts = "select attempt from insights.calls where status = 'invalid' order by 1"
    assert insights.rows(attempts) == [{"attempt": 1}, {"attempt": 2}]
    insights.run(**ONE_AT_A_TIME)
    assert len(insights.asked()) == 4


@pytest.mark.parametrize("understands", [("json_object",), ()])
def test_an_endpoint_may_know_less_of_the_api(
    insights: InsightsWarehouse, understands: tuple[str, ...]
) -> None:
    with StandIn(understands=understands) as stand_in:
        insights.stand_in = stand_in
        insights.run(**ONE_AT_A_TIME)
    assert insights.statuses() == ["ok"] * 3
    formats = [one.get("response_format", {}).get("type") for one in insights.asked()]
    known = understands[0] if understands else None
    # what it does not know is tried once
    tried = ["json_schema", "json_object"][: 2 - len(understands)]
    assert formats == [*tried, known, known, known]


def test_a_note_is_redacted_and_short(insights: InsightsWarehouse) -> None:
    told = f"Ann Oakwood wrote to ann@mail.example {'and so on ' * 30}"
    insights.stand_in.faults.append(faults.answers({"note": told}))
    insights.run(**ONE_AT_A_TIME)
    query = "select note, redaction_count from insights.facets where user_key = 'ann'"
    (row,) = insights.rows(query)
    assert row["note"].startswith("[NAME_1] wrote to [EMAIL_1] and so on")
    assert len(row["note"]) == 200
    assert row["redaction_count"] == 4


@pytest.mark.parametrize(("budget", "calls"), [("0", 0), ("0.0008", 1), ("0.1", 3)])
def test_no_run_spends_more_than_its_budget(
    insights: InsightsWarehouse, budget: str, calls: int
) -> None:
    code, told = insights.run(LLM_BUDGET=budget, **ONE_AT_A_TIME)
    assert (code, len(insights.asked())) == (0, calls)
    (spent,) = insights.rows(
        "select coalesce(sum(input_tokens), 0) * 0.1 / 1e6 "
        "+ coalesce(sum(output_tokens), 0) * 0.4 / 1e6 as cost from insights.calls"
    )
    assert Decimal(str(spent["cost"])) <= Decimal(budget)
    if calls < 3:
        assert insights.statuses()[-1] == "budget"
        assert f"LLM_BUDGET is {budget}, and the next call may exceed it" in told


def test_calls_in_flight_are_as_many_as_allowed(insights: InsightsWarehouse) -> None:
    both = threading.Barrier(2, timeout=60)

    def waits_for_another(answer: Answer) -> Answer:
        both.wait()
        return answer

    with StandIn(latency=0.3) as stand_in:  # in which a third would come
        stand_in.faults.extend([waits_for_another] * 2)
        insights.stand_in = stand_in
        insights.run(LLM_CONCURRENCY="2")
        assert stand_in.journal.most_at_once == {"chat": 2}


def test_retries_are_the_sdks(insights: InsightsWarehouse) -> None:
    insights.monkeypatch.setattr(client, "RETRIES", 2)
    insights.stand_in.faults.extend([faults.rate_limited(0.01), faults.fails])
    insights.run("--date", str(DAY), **ONE_AT_A_TIME)
    assert insights.statuses() == ["ok"] * 3
    assert len({json.dumps(one) for one in insights.asked()}) == 3
    assert len(insights.asked()) == 5
