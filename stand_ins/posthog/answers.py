"""Errors as PostHog words them."""

from collections.abc import Mapping

import orjson

from stand_ins.answers import JSON_HEADERS, Answer


def failure(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return an error as PostHog words it."""
    kinds = {400: "validation_error", 401: "authentication_error"}
    kinds |= {403: "authentication_error", 429: "throttled_error"}
    kind = kinds.get(status, "server_error" if status >= 500 else "invalid_request")
    content = {"type": kind, "code": code, "detail": detail, "attr": None}
    return Answer(status, orjson.dumps(content), {**JSON_HEADERS, **(headers or {})})
