"""The stand-in's limits: requests per minute and hour, bytes, and at once."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import requests

from stand_ins.answers import Answer, Request, Respond
from stand_ins.posthog import StandIn, Store
from stand_ins.posthog.limits import Allowance
from stand_ins.posthog.script import When
from tests.helpers.posthog.project import Clock
from tests.stand_ins.posthog.client import ask


def test_too_many_requests_are_told_when_to_come_back(clock: Clock) -> None:
    allowance = Allowance(requests_per_minute=2, requests_per_hour=3)
    with StandIn(Store(), clock, allowance=allowance) as server:
        statuses = []
        for _ in range(5):
            response = ask(server, "select 1")
            statuses.append(response.status_code)
            clock.sleep(float(response.headers.get("Retry-After", 10)))
        assert statuses == [200, 200, 429, 200, 429]
        assert clock.waits[2] == 40
        assert sum(clock.waits) == 3600
        assert ask(server, "select 1").status_code == 200


def test_the_byte_budget_is_told_and_kept(clock: Clock) -> None:
    with StandIn(Store(), clock, allowance=Allowance(bytes_per_hour=10)) as server:
        response = ask(server, "select 1")
        read = int(response.headers["X-PostHog-Query-Bytes-Read"])
        assert read == len(response.content)
        assert response.headers["X-PostHog-Query-Budget-Remaining-Bytes"] == "0"
        refusal = ask(server, "select 1")
        assert refusal.json()["code"] == "api_queries_budget_exceeded"
        assert refusal.headers["Retry-After"] == "3600"


@contextmanager
def one_query_running(server: StandIn) -> Iterator[Future[requests.Response]]:
    """Yield a query that stays in its place until the block ends."""
    has_begun, may_end = Event(), Event()

    def hold(request: Request, respond: Respond) -> Answer:
        has_begun.set()
        assert may_end.wait(30)
        return respond(request)

    server.faults.intercept(hold, When())
    with ThreadPoolExecutor() as threads:
        first = threads.submit(ask, server, "select 1")
        try:
            assert has_begun.wait(30)
            yield first
        finally:
            may_end.set()


def test_queries_at_once_are_limited_without_retry_after(clock: Clock) -> None:
    allowance = Allowance(requests_at_once=1, queue_seconds=0)
    with StandIn(Store(), clock, allowance=allowance) as server:
        with one_query_running(server) as first:
            refused = ask(server, "select 2")
        assert refused.status_code == 429
        assert "Retry-After" not in refused.headers
        assert first.result().json()["results"] == [[1]]
        assert ask(server, "select 2").status_code == 200
        assert server.journal.most_at_once["query"] == 2


def test_a_query_too_many_waits_for_its_place(clock: Clock) -> None:
    allowance = Allowance(requests_at_once=1, queue_seconds=30)
    with StandIn(Store(), clock, allowance=allowance) as server:
        with ThreadPoolExecutor() as threads, one_query_running(server):
            second = threads.submit(ask, server, "select 2")
            assert not second.done()
        assert second.result().json()["results"] == [[2]]
