"""Each lie of the stand-in: the answers look sound and are not."""

import pytest

from stand_ins.posthog import StandIn, faults
from stand_ins.posthog.interceptors import answers_from_cache, repeats_page
from stand_ins.posthog.script import When
from tests.helpers.posthog.project import event_rows
from tests.stand_ins.posthog.client import ask, rows

FIRST_PAGE = "select uuid, event from events order by uuid limit 60"
NEXT_PAGE = (
    "select uuid, event from events "
    "where uuid > '00000000-0000-0000-0000-00000000003b' order by uuid limit 60"
)
COUNT = "select count() from events"


@pytest.mark.parametrize(
    ("lie", "left"),
    [(faults.loses_rows(1), 59), (faults.truncates(10), 10), (faults.truncates(), 60)],
)
def test_rows_are_missing_and_nothing_tells(
    stand_in: StandIn, lie: faults.Fault, left: int
) -> None:
    sound = ask(stand_in, FIRST_PAGE).json()
    stand_in.faults.append(lie)
    page = ask(stand_in, FIRST_PAGE).json()
    assert page == {**sound, "results": sound["results"][:left]}


def test_a_page_is_repeated(stand_in: StandIn) -> None:
    stand_in.faults.intercept(repeats_page(), When(times=3))
    first = rows(stand_in, FIRST_PAGE)
    assert rows(stand_in, COUNT) == [[150]]
    assert rows(stand_in, NEXT_PAGE) == first
    assert rows(stand_in, NEXT_PAGE) != first


def test_a_forced_answer_comes_from_the_cache(stand_in: StandIn) -> None:
    assert rows(stand_in, COUNT) == [[150]]
    stand_in.store.add("stored_events", event_rows(5, first=1000))
    stand_in.faults.intercept(answers_from_cache, When())
    lie = ask(stand_in, COUNT).json()
    assert (lie["results"], lie["is_cached"]) == ([[150]], False)
    assert rows(stand_in, COUNT) == [[155]]
