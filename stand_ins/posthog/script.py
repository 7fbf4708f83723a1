"""Which fault is played on which request.

In order, on the coming queries (None lets one pass):

    stand_in.faults.extend([None, faults.fails(503), faults.resets])

Or by endpoint, content and number:

    stand_in.faults.play(faults.ends_early, When("file", first=2))
    stand_in.faults.play(faults.loses_rows(1), When(containing="select uuid"))
    stand_in.faults.intercept(interceptors.repeats_page(), When(times=None))

And to let something happen after the second query that counts:

    late = lambda: stand_in.store.add("stored_events", fixtures.events(1, at))
    counts = When(containing="count()", first=2)
    stand_in.faults.intercept(interceptors.after(late), counts)

A fault is played on the answer: an export that fails has been started, a batch that
fails has been stored (`interceptors.instead` prevents it). It is played while the query
runs: an interceptor that waits keeps its place among the queries at once. Queries that
are refused (keys, limits) meet no fault.
"""

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from stand_ins.answers import Answer, Request, Respond
from stand_ins.posthog.faults import Fault
from stand_ins.posthog.interceptors import Interceptor, on_answer


@dataclass(frozen=True)
class When:
    """The requests a fault is for, counted among those that fit.

    Attributes:
        endpoint: query, capture, export (start a run), poll, cancel, download (the
            redirect) or file (on the second host).
        first: the number of the first, from 1.
        times: how many; None: all from the first on.
        containing: text that the body of the request contains.
    """

    endpoint: str = "query"
    first: int = 1
    times: int | None = 1
    containing: str = ""

    def fits(self, endpoint: str, request: Request) -> bool:
        """Return whether a request counts."""
        return self.endpoint == endpoint and self.containing.encode() in request.body

    def includes(self, number: int) -> bool:
        """Return whether the fault is for the request of this number."""
        past = number - self.first
        return past >= 0 and (self.times is None or past < self.times)


@dataclass
class _Rule:
    when: When
    interceptor: Interceptor
    seen: int = 0


@dataclass
class Script:
    """The faults to come."""

    _coming: deque[Fault | None] = field(default_factory=deque)
    _rules: list[_Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def append(self, fault: Fault | None) -> None:
        """Play a fault on the next query that has none yet."""
        self._coming.append(fault)

    def extend(self, faults: Iterable[Fault | None]) -> None:
        """Play a fault on each of the next queries."""
        self._coming.extend(faults)

    def play(self, fault: Fault, when: When) -> None:
        """Play a fault on certain answers."""
        self.intercept(on_answer(fault), when)

    def intercept(self, interceptor: Interceptor, when: When) -> None:
        """Let an interceptor answer certain requests."""
        self._rules.append(_Rule(when, interceptor))

    def clear(self) -> None:
        """Play no more faults."""
        self._coming.clear()
        self._rules.clear()

    def respond(self, endpoint: str, request: Request, respond: Respond) -> Answer:
        """Answer a request, with what is to go wrong about it."""
        for interceptor in self._due(endpoint, request):
            respond = partial(interceptor, respond=respond)
        return respond(request)

    def _due(self, endpoint: str, request: Request) -> list[Interceptor]:
        interceptors = []
        with self._lock:
            if endpoint == "query" and self._coming:
                fault = self._coming.popleft()
                interceptors += [on_answer(fault)] if fault else []
            for rule in self._rules:
                if rule.when.fits(endpoint, request):
                    rule.seen += 1
                    interceptors += (
                        [rule.interceptor] if rule.when.includes(rule.seen) else []
                    )
        return interceptors
