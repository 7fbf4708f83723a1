"""What a stand-in is asked, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from stand_ins.wire import Delivery, whole

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
