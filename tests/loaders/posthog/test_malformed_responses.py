"""PostHog lies: a load fails with one line or repairs itself, and never misses a row.

A lie is in the answers to one kind of question. Of a server that lies about counts and
pages alike, so that both agree, nobody can tell.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

import orjson
import pytest

from stand_ins.answers import Answer
from stand_ins.posthog import faults, interceptors
from stand_ins.posthog.faults import Fault
from stand_ins.posthog.interceptors import Interceptor, on_answer
from stand_ins.posthog.script import When
from tests.helpers.posthog.expected import visible_rows
from tests.helpers.posthog.project import NOW, YESTERDAY, Project, running_project
from tests.helpers.posthog.warehouse import Warehouse
from warehouse.errors import UserError

DAY = timedelta(days=1)
DAYS = 2
A_PAGE = 30


def miscounts(change: Callable[[int], int]) -> Fault:
    """Lie: give other numbers of rows."""

    def miscount(answer: Answer) -> Answer:
        content = orjson.loads(answer.body)
        if "row_count" in content["columns"]:
            at = content["columns"].index("row_count")
            for row in content["results"]:
                row[at] = change(row[at])
        return Answer(200, orjson.dumps(content), answer.headers)

    return miscount


LIES: dict[str, Callable[[], Interceptor]] = {
    "loses a row": lambda: on_answer(faults.loses_rows(1)),
    "loses all rows": lambda: on_answer(faults.loses_rows(10_000)),
    "truncates": lambda: on_answer(faults.truncates(10)),
    "gives a row twice": lambda: on_answer(faults.repeats_row),
    "repeats a page": interceptors.repeats_page,
    "answers from cache": lambda: interceptors.answers_from_cache,
    "counts one more": lambda: on_answer(miscounts(lambda count: count + 1)),
    "counts nothing": lambda: on_answer(miscounts(lambda _: 0)),
}
PAGES, TIME = "select uuid", "now()"
COUNTS, SWEEPS = "sum(cityHash64", "uniqExact(uuid)"
LIES_ABOUT = [
    *product(["loses a row", "truncates", "gives a row twice"], [PAGES]),
    *product(["loses a row", "loses all rows"], [COUNTS, SWEEPS]),
    *product(["counts one more", "counts nothing"], [COUNTS, SWEEPS]),
    *product(
        ["repeats a page", "answers from cache"], [PAGES, COUNTS, SWEEPS, "now()"]
    ),
]


@pytest.fixture
def project() -> Iterator[Project]:
    """A project of two pages of the same length, on two days."""
    with running_project(page_cap=A_PAGE + 10) as running:
        for day in range(DAYS):
            add_page(running, day)
        yield running


def add_page(project: Project, day: int) -> None:
    """Add what comes on a day, and an event of the first day that was held up."""
    now = NOW + day * DAY
    number = 100 * day
    project.add(A_PAGE, first=number, timestamp=now - DAY, created_at=now - DAY)
    project.add(1, first=number + 99, created_at=YESTERDAY, inserted_at=now)


def succeeds(project: Project, warehouse: Warehouse) -> bool:
    """Load a day later; tell whether that ended well, and then no row is missing."""
    project.clock.sleep(DAY.total_seconds())
    visible = visible_rows(project)
    try:
        warehouse.land(project)
    except UserError as error:
        assert "\n" not in str(error)
        return False
    assert set(warehouse.rows()) == visible
    return True


@pytest.mark.parametrize(("lie", "about"), LIES_ABOUT)
def test_who_keeps_lying_is_found_out(
    lie: str, about: str, project: Project, warehouse: Warehouse
) -> None:
    when = When(times=None, containing=about)
    project.stand_in.faults.intercept(LIES[lie](), when)
    for day in range(DAYS, DAYS + 2):
        succeeds(project, warehouse)
        add_page(project, day)
    project.stand_in.faults.clear()
    assert succeeds(project, warehouse)


@pytest.mark.parametrize("lie", ["loses all rows", "truncates", "repeats a page"])
def test_a_single_lie_does_no_harm(
    lie: str, project: Project, warehouse: Warehouse
) -> None:
    for request in range(1, 8):
        project.stand_in.faults.clear()
        project.stand_in.faults.intercept(LIES[lie](), When(first=request))
        succeeds(project, warehouse)
        add_page(project, DAYS + request)
    project.stand_in.faults.clear()
    assert succeeds(project, warehouse)


def test_a_page_that_lost_rows_is_fetched_again(
    project: Project, warehouse: Warehouse
) -> None:
    # of the three that are asked for first, at once, one has no row to lose
    twice = When(containing=PAGES, times=2)
    project.stand_in.faults.play(faults.loses_rows(1), twice)
    assert succeeds(project, warehouse)
    [(attempts,)] = warehouse.slices("max(attempts)")
    assert attempts in (2, 3)


def test_a_page_that_keeps_losing_rows_is_told(warehouse: Warehouse) -> None:
    with running_project(page_cap=50_000) as project:
        project.add(1_200)
        keeps = When(times=None, containing=PAGES)
        project.stand_in.faults.play(faults.truncates(), keeps)
        with pytest.raises(UserError, match="1200 rows in a slice but gave 1000"):
            warehouse.land(project)
        assert warehouse.rows() == []
        assert warehouse.slices("status, loaded_rows") == [("failed", None)]
