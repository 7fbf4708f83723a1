"""A run that is killed anywhere and repeated ends as if it had run once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from steps.insights.client import Client
from steps.insights.tables import Answers
from tests.helpers.kill_points import Killed
from tests.steps.insights.insights_warehouse import (
    DAY,
    PEOPLE,
    InsightsWarehouse,
    add_messages,
    chosen,
)

# One write keeps two of them at most: after one of it, two more writes are to come.
DAYS = 5

# All but instants.
KEPT = {
    "calls": "cache_key, attempt, user_key, day, purpose, status, input_tokens",
    "facets": "cache_key, user_key, day, primary_intent, value_seen, note",
    "facet_items": "cache_key, kind, code",
}


def kept(insights: InsightsWarehouse) -> dict[str, list[Any]]:
    return {
        table: insights.rows(f"select {columns} from insights.{table} order by 1, 2, 3")  # noqa: S608
        for table, columns in KEPT.items()
    }


def killed_at(method: Callable, number: int, is_after: bool) -> Callable:
    """Return a method that ends the process before or after its n-th call."""
    calls = 0

    def killing(*arguments: Any) -> Any:  # noqa: ANN401
        nonlocal calls
        calls += 1
        if calls == number and not is_after:
            raise Killed
        result = method(*arguments)
        if calls == number:
            raise Killed
        return result

    return killing


@pytest.mark.parametrize("owner", [(Client, "ask"), (Answers, "write")])
@pytest.mark.parametrize("is_after", [False, True])
def test_a_killed_run_goes_on_where_it_was(
    insights: InsightsWarehouse,
    own_source: str,
    owner: tuple[type, str],
    is_after: bool,
) -> None:
    kind, name = owner
    method = getattr(kind, name)
    more = [DAY - timedelta(days=ago) for ago in range(1, 1 + DAYS - len(PEOPLE))]
    for day in more:
        add_messages(own_source, "usr_ann", ["Please write a text."], day)
    insights.add_candidates([chosen("ann", day) for day in more])
    settings = {"ASSISTANT_DATABASE_URL": own_source, "LLM_CONCURRENCY": "1"}

    for number in (1, 2):
        with insights.monkeypatch.context() as patched:
            patched.setattr(kind, name, killed_at(method, number, is_after))
            with pytest.raises(Killed):
                insights.run(**settings)
    insights.run(**settings)
    paid = len(insights.asked())
    went_on = kept(insights)

    insights.execute(";".join(f"delete from insights.{table}" for table in KEPT))
    insights.run(**settings)
    assert kept(insights) == went_on
    assert len(went_on["facets"]) == DAYS
    # of each kill no more than what was in flight: one call, and one that waits for it
    assert paid <= DAYS + 2 * 2
