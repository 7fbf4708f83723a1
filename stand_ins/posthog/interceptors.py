"""What can happen around an answer: lies that need more than the answer, and hooks.

An interceptor gets the request and the function that answers it.
"""

from collections.abc import Callable
from dataclasses import replace

import orjson

from stand_ins.answers import Answer, Request, Respond
from stand_ins.posthog.faults import Fault

Interceptor = Callable[[Request, Respond], Answer]


def on_answer(fault: Fault) -> Interceptor:
    """Play a fault on the answer: what was asked for is done all the same."""
    return lambda request, respond: fault(respond(request))


def instead(fault: Fault) -> Interceptor:
    """Play a fault and do nothing of what was asked for."""
    return lambda request, respond: fault(Answer(200, b"{}"))


def after(action: Callable[[], object]) -> Interceptor:
    """Do something between this request and the next: events arrive, persons merge."""

    def interceptor(request: Request, respond: Respond) -> Answer:
        answer = respond(request)
        action()
        return answer

    return interceptor


def repeats_page() -> Interceptor:
    """Lie: of the pages with the same columns give the first one again and again.

    It remembers the requests it is put on: put it on two, and the second repeats the
    first; with `times=None` every page repeats the first.
    """
    pages: dict[bytes, Answer] = {}

    def interceptor(request: Request, respond: Respond) -> Answer:
        answer = respond(request)
        columns = answer.body.partition(b'"results"')[0]
        return pages.setdefault(columns, answer)

    return interceptor


def answers_from_cache(request: Request, respond: Respond) -> Answer:
    """Lie: ignore `force_blocking`, and do not say that the answer is an old one."""
    content = {**orjson.loads(request.body), "refresh": "blocking"}
    answer = respond(replace(request, body=orjson.dumps(content)))
    fresh = {**orjson.loads(answer.body), "is_cached": False}
    return replace(answer, body=orjson.dumps(fresh))
