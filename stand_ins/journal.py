"""What was asked of a stand-in: to state how often a loader may ask, and what."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from stand_ins.answers import Answer, Request


@dataclass(frozen=True)
class Exchange:
    """A request, to which endpoint it went, and the status of its answer."""

    endpoint: str
    request: Request
    status: int


@dataclass
class Journal:
    """All requests so far, in the order of their answers.

    Attributes:
        most_at_once: the most requests under way at the same time, by endpoint.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    most_at_once: dict[str, int] = field(default_factory=dict)
    _under_way: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, endpoint: str) -> list[Exchange]:
        """Return the requests to one endpoint."""
        return [entry for entry in self.exchanges if entry.endpoint == endpoint]

    def record(
        self, endpoint: str, request: Request, respond: Callable[[], Answer]
    ) -> Answer:
        """Note a request while it is answered."""
        self._count(endpoint, 1)
        try:
            answer = respond()
        finally:
            self._count(endpoint, -1)
        self.exchanges.append(Exchange(endpoint, request, answer.status))
        return answer

    def _count(self, endpoint: str, change: int) -> None:
        with self._lock:
            now = self._under_way.get(endpoint, 0) + change
            self._under_way[endpoint] = now
            self.most_at_once[endpoint] = max(self.most_at_once.get(endpoint, 0), now)
