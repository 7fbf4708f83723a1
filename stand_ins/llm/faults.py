"""What can go wrong with an answer, for `StandIn.faults` and `--faults`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from stand_ins import wire
from stand_ins.answers import Answer
from stand_ins.llm.chat_api import completion, failure

# What becomes of an answer before it leaves the server.
Fault = Callable[[Answer], Answer]


def rate_limited(retry_after: float) -> Fault:
    """Answer that there were too many requests, and when to come back."""
    headers = {"Retry-After": f"{retry_after:g}"}
    limited = failure(429, "Rate limit reached.", "rate_limit_exceeded", None, headers)
    return lambda _: limited


def quota_used_up(_: Answer) -> Answer:
    """Answer that nothing is left to spend; waiting does not help."""
    headers = {"x-should-retry": "false"}
    told = "You exceeded your current quota."
    return failure(429, told, "insufficient_quota", None, headers)


def fails(_: Answer) -> Answer:
    """Answer with an error of the server."""
    return failure(500, "The server had an error.", None)


def hangs(answer: Answer) -> Answer:
    """Never answer; the connection stays open until the client gives up."""
    return replace(answer, delivery=wire.hanging)


def drips(answer: Answer) -> Answer:
    """Send a byte at a time: each comes soon, and the last never."""
    return replace(answer, delivery=wire.dripping(0.1, size=1))


def breaks_off(answer: Answer) -> Answer:
    """Send half of the body; the length still promises all of it."""
    length = {"Content-Length": str(len(answer.body))}
    half = answer.body[: len(answer.body) // 2]
    return replace(answer, body=half, headers={**answer.headers, **length})


def is_html(_: Answer) -> Answer:
    """Answer with a web page, as a proxy or a wrong address does."""
    return Answer(200, b"<html><h1>Welcome</h1></html>", {"Content-Type": "text/html"})


def sends_elsewhere(_: Answer) -> Answer:
    """Send the client to another host."""
    return Answer(307, b"", {"Location": "http://127.0.0.1:9/v1/chat/completions"})


def refuses(_: Answer) -> Answer:
    """Let the model decline."""
    return completion(None, refusal="I cannot help with that.")


def filtered(_: Answer) -> Answer:
    """Let the provider's filter withhold the answer."""
    return completion("", finish_reason="content_filter")


def is_cut_off(answer: Answer) -> Answer:
    """Let the answer end where its tokens do."""
    content = _content(answer)
    return _with(answer, content[: len(content) // 2], finish_reason="length")


def is_prose(answer: Answer) -> Answer:
    """Answer in words instead of JSON."""
    return _with(answer, "They wanted a picture, and it went well.")


def is_fenced(answer: Answer) -> Answer:
    """Put the JSON between fences, as some models do."""
    return _with(answer, f"```json\n{_content(answer)}\n```")


def counts_oddly(answer: Answer) -> Answer:
    """Answer well, with tokens that are no counts and an end that nobody knows."""
    body = orjson.loads(answer.body)
    body["usage"] = {
        "prompt_tokens": -100_000_000,
        "completion_tokens": "ten",
        "prompt_tokens_details": {"cached_tokens": 2**60},
    }
    body["choices"][0]["finish_reason"] = {"text": "ann@mail.example"}
    return replace(answer, body=orjson.dumps(body))


def answers(fields: Mapping[str, Any]) -> Fault:
    """Replace fields of the answer."""

    def replaced(answer: Answer) -> Answer:
        content = orjson.loads(_content(answer)) | fields
        return _with(answer, orjson.dumps(content).decode())

    return replaced


NAMED: dict[str, Fault] = {
    "429": rate_limited(1),
    "quota": quota_used_up,
    "500": fails,
    "hangs": hangs,
    "drips": drips,
    "breaks-off": breaks_off,
    "html": is_html,
    "elsewhere": sends_elsewhere,
    "refuses": refuses,
    "filtered": filtered,
    "cut-off": is_cut_off,
    "prose": is_prose,
    "wrong-code": answers({"primary_intent": "world_domination"}),
    "fenced": is_fenced,
    "odd-counts": counts_oddly,
}


def _content(answer: Answer) -> str:
    return orjson.loads(answer.body)["choices"][0]["message"]["content"]


def _with(answer: Answer, content: str, finish_reason: str = "stop") -> Answer:
    """Replace what the model says; it was paid for all the same."""
    body = orjson.loads(answer.body)
    body["choices"][0]["message"]["content"] = content
    body["choices"][0]["finish_reason"] = finish_reason
    return replace(answer, body=orjson.dumps(body))
