"""The stand-in as an HTTP server on this machine."""

import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from demo.posthog.answers import Answer, failure
from demo.posthog.capture_api import PROJECT_TOKEN, capture
from demo.posthog.faults import Fault
from demo.posthog.limits import Allowance, Limits
from demo.posthog.query_api import API_KEY, PROJECT_ID, QueryApi
from demo.posthog.store import Store

PAGE_CAP = 50_000
QUERY_PATH = re.compile(r"/api/(?:projects|environments)/([^/]+)/query/?")


@dataclass(frozen=True)
class PostHogAddress:
    """Where a stand-in listens and with which keys."""

    host: str
    project_id: str = PROJECT_ID
    api_key: str = field(default=API_KEY, repr=False)
    project_token: str = field(default=PROJECT_TOKEN, repr=False)


class StandIn:
    """A PostHog project behind HTTP; a context manager that starts and stops it.

    Attributes:
        store: the events and persons.
        faults: what goes wrong, one entry per coming query; None is no fault.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        *,
        port: int = 0,
        page_cap: int = PAGE_CAP,
        allowance: Allowance | None = None,
    ) -> None:
        """Bind to a port; 0 takes a free one."""
        self.store = store
        self.faults: deque[Fault | None] = deque()
        self._now = now
        limits = Limits(allowance or Allowance())
        self._query_api = QueryApi(store, now, limits, page_cap)
        handler = type("Handler", (_Handler,), {"stand_in": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.address = PostHogAddress(f"http://127.0.0.1:{self.server.server_port}")

    def __enter__(self) -> Self:
        """Serve in the background."""
        # It looks every 10 ms whether it is to stop.
        threading.Thread(
            target=self.server.serve_forever, args=(0.01,), daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, authorization: str | None, body: bytes) -> Answer:
        """Answer a POST."""
        query_path = QUERY_PATH.fullmatch(path)
        if query_path:
            answer = self._query_api.answer(query_path[1], authorization, body)
            fault = self.faults.popleft() if self.faults else None
            return fault(answer) if fault else answer
        if path == "/batch/":
            return capture(self.store, body, self._now())
        return failure(404, "not_found", "Not found.")


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave together

    def do_POST(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.partition("?")[0]
        answer = self.stand_in.answer(path, self.headers.get("Authorization"), body)
        self.send_response(answer.status)
        length = {"Content-Length": str(len(answer.body))}
        for name, value in {**length, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        if int({**length, **answer.headers}["Content-Length"]) != len(answer.body):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep quiet: the caller sees the answer."""
