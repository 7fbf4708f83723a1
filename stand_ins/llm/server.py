"""The stand-in: one endpoint behind HTTP."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from stand_ins.answers import Answer, Request
from stand_ins.host import Host
from stand_ins.journal import Journal
from stand_ins.llm.chat_api import API_KEY, FORMATS, MODEL, ChatApi, failure
from stand_ins.llm.faults import Fault

PATH = "/v1/chat/completions"


@dataclass(frozen=True)
class LlmAddress:
    """Where a stand-in listens, with which key, and what its model is called."""

    base_url: str
    api_key: str = field(default=API_KEY, repr=False)
    model: str = MODEL


class StandIn:
    """An endpoint; a context manager that starts and stops it.

    Attributes:
        faults: what goes wrong with the coming requests; None lets one pass.
        journal: what was asked.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        latency: float = 0,
        understands: tuple[str, ...] = FORMATS,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Bind to the port; 0 takes a free one.

        Args:
            port: Where to listen.
            latency: Seconds until each answer.
            understands: The types of `response_format` that it knows.
            pause: What waits.
        """
        self.faults: deque[Fault | None] = deque()
        self.journal = Journal()
        self._api = ChatApi(understands)
        self._latency = latency
        self._pause = pause
        self._lock = threading.Lock()
        self._host = Host(self._answer, port, pause)
        self.address = LlmAddress(f"{self._host.url}/v1")

    def __enter__(self) -> Self:
        """Serve in the background."""
        self._host.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self._host.stop()

    def _answer(self, request: Request) -> Answer:
        if (request.method, request.path) != ("POST", PATH):
            return failure(404, "Not found.", None)
        return self.journal.record("chat", request, lambda: self._chat(request))

    def _chat(self, request: Request) -> Answer:
        with self._lock:
            fault = self.faults.popleft() if self.faults else None
        if self._latency:
            self._pause(self._latency)
        answer = self._api.answer(request)
        return fault(answer) if fault else answer
