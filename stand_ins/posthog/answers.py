"""What the stand-in is asked and what it answers, in the shapes PostHog uses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from stand_ins.posthog.wire import Delivery, whole

JSON_HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Request:
    """One HTTP request.

    Attributes:
        parameters: what follows the question mark.
        authorization: the header of that name.
    """

    method: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    authorization: str | None = field(default=None, repr=False)
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """One HTTP response, and how it is delivered."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery = whole


Respond = Callable[[Request], Answer]


def success(content: Mapping[str, Any], status: int = 200) -> Answer:
    """Return JSON."""
    return Answer(status, orjson.dumps(content), JSON_HEADERS)


def failure(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return an error as PostHog words it."""
    kinds = {400: "validation_error", 401: "authentication_error"}
    kinds |= {403: "authentication_error", 429: "throttled_error"}
    kind = kinds.get(status, "server_error" if status >= 500 else "invalid_request")
    content = {"type": kind, "code": code, "detail": detail, "attr": None}
    return Answer(status, orjson.dumps(content), {**JSON_HEADERS, **(headers or {})})
