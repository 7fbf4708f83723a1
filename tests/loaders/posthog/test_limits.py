"""The limits of a load: bytes, hours, requests at once. What landed stays."""

import threading
from dataclasses import replace
from email.utils import format_datetime

import pytest

from loaders.posthog.api.failures import DeadlineExceededError
from stand_ins.answers import Answer, Request, Respond
from stand_ins.posthog import faults
from stand_ins.posthog.limits import Allowance, budget_spent
from stand_ins.posthog.script import When
from tests.helpers.posthog.expected import is_complete
from tests.helpers.posthog.project import (
    NOW,
    SLICES,
    Project,
    add_slices,
    running_project,
)
from tests.helpers.posthog.warehouse import Warehouse

FROM_THE_FOURTH_PAGE = When(first=4, times=None, containing="select uuid")
AT_HALF_PAST_TWELVE = "continue after 2026-10-31 12:30 UTC: what "


def goes_on(project: Project, warehouse: Warehouse) -> bool:
    """Tell whether three slices have landed, and a load gets the others only."""
    assert len(warehouse.rows()) == 30 * 3
    asked = project.pages_asked()
    project.stand_in.faults.clear()
    warehouse.land(project)
    of_the_overlap = 1
    remaining = SLICES - 3 + of_the_overlap
    assert project.pages_asked() == asked + remaining
    return is_complete(project, warehouse)


def spent(_: Answer) -> Answer:
    answer = budget_spent(1800)
    date = {"Date": format_datetime(NOW, usegmt=True)}
    return replace(answer, headers={**answer.headers, **date})


def test_a_budget_that_is_spent(sliced: Project, warehouse: Warehouse) -> None:
    sliced.stand_in.faults.play(spent, FROM_THE_FOURTH_PAGE)
    with pytest.raises(DeadlineExceededError, match=AT_HALF_PAST_TWELVE):
        warehouse.land(sliced)
    assert not sliced.clock.waits
    assert goes_on(sliced, warehouse)


def test_each_request_tells_when_a_spent_budget_is_there_again(
    sliced: Project,
) -> None:
    """Of three in flight any may be the one that is heard."""
    assert sliced.read()
    sliced.stand_in.faults.play(spent, When(times=None))
    for _ in range(2):
        with pytest.raises(DeadlineExceededError, match=AT_HALF_PAST_TWELVE):
            sliced.read()


def test_a_budget_is_never_overdrawn(warehouse: Warehouse) -> None:
    allowance = Allowance(bytes_per_hour=40_000)
    told = []
    with running_project(allowance=allowance) as project:
        add_slices(project)
        while not is_complete(project, warehouse):
            try:
                warehouse.land(project)
            except DeadlineExceededError as error:
                told.append(str(error))
                project.clock.sleep(3600)
        assert 0 < len(told) < SLICES
        assert all("continue in an hour: what is loaded stays" in line for line in told)
        asked = project.stand_in.journal.of("query")
        assert {exchange.status for exchange in asked} == {200}


def test_a_deadline(sliced: Project, warehouse: Warehouse) -> None:
    an_hour = faults.fails(429, retry_after=3600)
    sliced.stand_in.faults.play(an_hour, FROM_THE_FOURTH_PAGE)
    with pytest.raises(DeadlineExceededError, match="HOURS do not suffice: what"):
        warehouse.land(sliced, hours=1)
    assert not sliced.clock.waits, "it would have waited for nothing"
    assert goes_on(sliced, warehouse)


def test_three_requests_are_in_flight(sliced: Project, warehouse: Warehouse) -> None:
    three = threading.Barrier(3)

    def wait_for_others(request: Request, respond: Respond) -> Answer:
        three.wait(timeout=60)
        return respond(request)

    all_pages = When(times=SLICES, containing="select uuid")
    sliced.stand_in.faults.intercept(wait_for_others, all_pages)
    warehouse.land(sliced)
    assert sliced.stand_in.journal.most_at_once["query"] == 3
    assert is_complete(sliced, warehouse)
