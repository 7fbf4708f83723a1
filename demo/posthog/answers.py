"""What the stand-in answers, in the shapes PostHog uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

JSON_HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """One HTTP response."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def success(content: Mapping[str, Any]) -> Answer:
    """Return a 200 with JSON."""
    return Answer(200, orjson.dumps(content), JSON_HEADERS)


def failure(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return an error as PostHog words it."""
    kinds = {400: "validation_error", 401: "authentication_error"}
    kinds |= {403: "authentication_error", 429: "throttled_error"}
    kind = kinds.get(status, "server_error" if status >= 500 else "invalid_request")
    content = {"type": kind, "code": code, "detail": detail, "attr": None}
    return Answer(status, orjson.dumps(content), {**JSON_HEADERS, **(headers or {})})
