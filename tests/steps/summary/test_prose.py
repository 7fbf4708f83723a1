"""A paragraph may stand above the lines if every number in it is theirs."""

import os
from collections.abc import Callable, Iterator

import pytest

from stand_ins.llm import StandIn, faults
from steps.insights import client
from steps.summary.prose import invented_numbers
from tests.steps.warehouses import read_rows

LINES = [
    "Active on 2026-10-31: 1,500 of 2,000 people (75%); the day before 1450 (72.5%)"
]


@pytest.mark.parametrize(
    ("paragraph", "invented"),
    [
        ("1500 of 2,000 people came on 2026-10-31.", set()),
        ("A share of 75% came, after 72.5 %.", set()),
        ("It rose by 50 people.", {"50"}),
        ("75 people came.", {"75"}),
        ("It was 72% before.", {"72%"}),
        ("On 2026-10-30 there were 1,450.", {"2026-10-30"}),
        ("Twice as many came, and half of the rest.", {"twice", "half"}),
        ("Three of them stayed.", {"three"}),
        ("It fell to zero, a ninefold loss; ½ left.", {"zero", "ninefold", "½"}),
        ("٧٥ people came.", {"٧٥"}),
        ("One more day like it.", set()),
    ],
)
def test_numbers_have_to_stand_in_the_lines(paragraph: str, invented: set[str]) -> None:
    assert invented_numbers(paragraph, LINES) == invented


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.setattr(client, "RETRIES", 0)
    with StandIn() as server:
        address = server.address
        monkeypatch.setenv("LLM_BASE_URL", address.base_url)
        monkeypatch.setenv("LLM_API_KEY", address.api_key)
        monkeypatch.setenv("LLM_MODEL", address.model)
        monkeypatch.setenv("LLM_BUDGET", "1")
        yield server


def test_a_paragraph_with_the_numbers_of_the_lines_is_shown(
    summarise: Callable, stand_in: StandIn
) -> None:
    prose = "Of 2,000 people 500 were active, 25%. One system lags."
    stand_in.faults.append(faults.answers({"paragraph": prose}))
    ended = summarise()
    assert (ended.code, ended.told) == (0, "")
    assert ended.printed.splitlines()[1] == prose


def test_what_the_paragraph_cost_is_kept_with_all_other_calls(
    summarise: Callable, stand_in: StandIn
) -> None:
    stand_in.faults += [faults.is_prose, faults.answers({"paragraph": "It is calm."})]
    assert summarise().printed.splitlines()[1] == "It is calm."
    calls = read_rows(
        os.environ["WAREHOUSE_URL"],
        "select purpose, status, user_key, input_tokens > 0 as is_counted "
        "from insights.calls order by called_at desc limit 2",
    )
    kept = {"purpose": "prose", "user_key": None, "is_counted": True}
    assert calls == [kept | {"status": "ok"}, kept | {"status": "invalid"}]


def test_no_paragraph_costs_more_than_the_budget(
    summarise: Callable, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLM_BUDGET", "0")
    ended = summarise()
    assert ended.code == 0
    assert ended.told.startswith("no prose: LLM_BUDGET is 0, and the next call may")
    assert stand_in.journal.of("chat") == []


def test_a_paragraph_that_says_another_number_is_left_out(
    summarise: Callable, stand_in: StandIn
) -> None:
    stand_in.faults.append(faults.answers({"paragraph": "Activity rose by 11.1%."}))
    ended = summarise()
    assert ended.code == 0
    assert ended.told == "no prose: it held 1 number(s) that the data do not hold\n"
    assert "11.1" not in ended.printed


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (faults.quota_used_up, ""),
        (faults.fails, ""),
        (faults.is_html, ""),
        (faults.refuses, "the call ended as refused"),
        (faults.is_prose, "the call ended as invalid"),
        (None, "the call ended as invalid"),
    ],
)
def test_a_model_that_fails_costs_the_prose_and_nothing_else(
    summarise: Callable, stand_in: StandIn, fault: faults.Fault | None, told: str
) -> None:
    stand_in.faults.append(fault)
    ended = summarise()
    assert ended.code == 0
    assert ended.told.startswith(f"no prose: {told}")
    assert ended.told.count("\n") == 1
    assert "Active on 2026-10-31" in ended.printed
