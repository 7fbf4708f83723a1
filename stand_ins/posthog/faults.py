"""Faults to play on single answers, so that a loader can be tried against them.

How to put them on a request: see `script.py`. The last ones are lies: answers that
look sound and are not.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson

from stand_ins import wire
from stand_ins.answers import Answer
from stand_ins.posthog.answers import failure
from stand_ins.posthog.limits import budget_spent

# What becomes of an answer before it leaves the server.
Fault = Callable[[Answer], Answer]


def fails(status: int, code: str = "error", retry_after: int | None = None) -> Fault:
    """Answer with an error instead."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return lambda _: failure(status, code, f"Fault {status}.", headers)


def spends_budget(retry_after: int = 3_600) -> Fault:
    """Answer that the bytes of this hour are spent."""
    return lambda _: budget_spent(retry_after)


def hangs(answer: Answer) -> Answer:
    """Never answer; the connection stays open until the client gives up."""
    return replace(answer, delivery=wire.hanging)


def resets(answer: Answer) -> Answer:
    """Reset the connection instead of answering."""
    return replace(answer, delivery=wire.reset)


def drips(seconds: float, size: int = 1) -> Fault:
    """Send `size` bytes every so many seconds: no single read is ever too slow."""
    return lambda answer: replace(answer, delivery=wire.dripping(seconds, size))


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
    return _changed(answer, lambda _: {"results": [], "error": "Query was cancelled."})


def claims_cache(answer: Answer) -> Answer:
    """Say that the answer came from the cache."""
    return _changed(answer, lambda _: {"is_cached": True})


def too_slow_above(rows: int, status: int = 504) -> Fault:
    """Give up on a page of more rows, as a query does that takes too long."""
    slow = failure(status, "query_timeout", "The query took too long.")
    return lambda answer: slow if len(_content(answer)["results"]) > rows else answer


def turns_columns(answer: Answer) -> Answer:
    """Give the columns in the opposite order."""
    return _rearranged(answer, lambda row: row[::-1])


def adds_column(answer: Answer) -> Answer:
    """Give a column nobody asked for, before the others."""
    return _rearranged(answer, lambda row: ["new_column", *row])


def lacks_column(name: str) -> Fault:
    """Leave a column out."""

    def leave_out(answer: Answer) -> Answer:
        columns = _content(answer)["columns"]
        at = columns.index(name) if name in columns else len(columns)
        return _rearranged(answer, lambda row: row[:at] + row[at + 1 :])

    return leave_out


def repeats_row(answer: Answer) -> Answer:
    """Give the first row of a page twice."""
    return _changed(
        answer, lambda page: {"results": page["results"][:1] * 2 + page["results"][1:]}
    )


def loses_rows(count: int) -> Fault:
    """Lie: leave out the last rows of a page."""
    return lambda answer: _changed(
        answer, lambda page: {"results": page["results"][:-count]}
    )


def truncates(rows: int = 1_000) -> Fault:
    """Lie: leave out all but the first rows of a page."""
    return lambda answer: _changed(
        answer, lambda page: {"results": page["results"][:rows]}
    )


def _content(answer: Answer) -> dict[str, Any]:
    """Return the content of an answer; an error is a page without columns and rows."""
    content = orjson.loads(answer.body) if answer.status == 200 else {}
    return {"columns": [], "types": [], "results": [], **content}


def _changed(
    answer: Answer, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> Answer:
    """Replace parts of a page; leave an error as it is."""
    if answer.status != 200:
        return answer
    content = _content(answer)
    return replace(answer, body=orjson.dumps({**content, **change(content)}))


def _rearranged(answer: Answer, change: Callable[[list[Any]], list[Any]]) -> Answer:
    """Change the columns and every row alike."""

    def rearrange(page: dict[str, Any]) -> dict[str, Any]:
        kinds = dict(page["types"])
        columns = change(page["columns"])
        return {
            "columns": columns,
            "types": [[name, kinds.get(name, "String")] for name in columns],
            "results": [change(row) for row in page["results"]],
        }

    return _changed(answer, rearrange)
