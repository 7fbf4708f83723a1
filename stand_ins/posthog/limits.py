"""PostHog's limits: requests per minute and hour, at once, and bytes per hour."""

import math
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stand_ins.answers import Answer
from stand_ins.posthog.answers import failure

HOUR = timedelta(hours=1)
BYTES_READ = "X-PostHog-Query-Bytes-Read"
BYTES_LEFT = "X-PostHog-Query-Budget-Remaining-Bytes"


@dataclass(frozen=True)
class Allowance:
    """How much a project may ask for; PostHog changes these figures."""

    requests_per_minute: int = 240
    requests_per_hour: int = 2_400
    requests_at_once: int = 3
    queue_seconds: float = 30
    bytes_per_hour: int = 100_000_000_000
    exports_at_once: int = 1


class Limits:
    """Counts requests and bytes by the server's clock."""

    def __init__(self, allowance: Allowance) -> None:
        """Start with the whole allowance."""
        self.allowance = allowance
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(allowance.requests_at_once)
        self._requests: deque[datetime] = deque()
        self._bytes: deque[tuple[datetime, int]] = deque()

    def refusal(self, now: datetime) -> Answer | None:
        """Return the 429 a request meets; if None, the request is counted."""
        with self._lock:
            self._forget(now)
            seconds = max(
                self._seconds_over(now, timedelta(minutes=1), "requests_per_minute"),
                self._seconds_over(now, HOUR, "requests_per_hour"),
            )
            if seconds:
                wait = {"Retry-After": str(seconds)}
                return failure(429, "throttled", "Request was throttled.", wait)
            if self._bytes and self._bytes_left() <= 0:
                return budget_spent(_seconds_until(self._bytes[0][0] + HOUR, now))
            self._requests.append(now)
            return None

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Wait for one of the places of running queries; yield whether there is one."""
        has_place = self._places.acquire(timeout=self.allowance.queue_seconds)
        try:
            yield has_place
        finally:
            if has_place:
                self._places.release()

    def charge(self, answer: Answer, now: datetime) -> Answer:
        """Count the bytes of an answer and tell in its headers what is left."""
        with self._lock:
            self._bytes.append((now, len(answer.body)))
            bytes_left = str(max(self._bytes_left(), 0))
            budget = {BYTES_READ: str(len(answer.body)), BYTES_LEFT: bytes_left}
        return replace(answer, headers={**answer.headers, **budget})

    def _forget(self, now: datetime) -> None:
        while self._requests and self._requests[0] <= now - HOUR:
            self._requests.popleft()
        while self._bytes and self._bytes[0][0] <= now - HOUR:
            self._bytes.popleft()

    def _bytes_left(self) -> int:
        return self.allowance.bytes_per_hour - sum(size for _, size in self._bytes)

    def _seconds_over(self, now: datetime, period: timedelta, name: str) -> int:
        allowed = getattr(self.allowance, name)
        recent = [moment for moment in self._requests if moment > now - period]
        if len(recent) < allowed:
            return 0
        return _seconds_until(recent[-allowed] + period, now)


def budget_spent(seconds: int) -> Answer:
    """Return the 429 of a project that has read its bytes of this hour."""
    headers = {"Retry-After": str(seconds), BYTES_LEFT: "0"}
    detail = "The project's query budget is spent."
    return failure(429, "api_queries_budget_exceeded", detail, headers)


def _seconds_until(moment: datetime, now: datetime) -> int:
    return max(1, math.ceil((moment - now).total_seconds()))
