"""Faults to play on single requests, so that a loader can be tried against them."""

from collections.abc import Callable
from dataclasses import replace

import orjson

from demo.posthog.answers import Answer, failure

# What becomes of an answer before it leaves the server.
Fault = Callable[[Answer], Answer]


def fails(status: int, code: str = "error", retry_after: int | None = None) -> Fault:
    """Answer with an error instead."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return lambda _: failure(status, code, f"Fault {status}.", headers)


def ends_early(answer: Answer) -> Answer:
    """Cut the body in half; the length still promises all of it."""
    length = {"Content-Length": str(len(answer.body))}
    half = answer.body[: len(answer.body) // 2]
    return replace(answer, body=half, headers={**answer.headers, **length})


def is_no_json(answer: Answer) -> Answer:
    """Cut the body in half, with a length that agrees."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def reports_error(answer: Answer) -> Answer:
    """Return 200 with an error in the content."""
    return _with(answer, results=[], error="Query was cancelled.")


def claims_cache(answer: Answer) -> Answer:
    """Say that the answer came from the cache."""
    return _with(answer, is_cached=True)


def loses_rows(count: int) -> Fault:
    """Leave out the last rows of a page, and say nothing."""
    return lambda answer: _with(
        answer, results=orjson.loads(answer.body)["results"][:-count]
    )


def _with(answer: Answer, **changes: object) -> Answer:
    content = {**orjson.loads(answer.body), **changes}
    return replace(answer, body=orjson.dumps(content))
