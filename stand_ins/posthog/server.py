"""The stand-in: PostHog's API on one host, the exported files on another."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Self

from stand_ins.answers import Answer, Request
from stand_ins.host import Host
from stand_ins.journal import Journal
from stand_ins.posthog.access import API_KEY, PROJECT_ID
from stand_ins.posthog.answers import failure
from stand_ins.posthog.capture_api import PROJECT_TOKEN, capture
from stand_ins.posthog.export_runs import ExportRuns
from stand_ins.posthog.exports_api import ExportsApi
from stand_ins.posthog.file_host import Files
from stand_ins.posthog.limits import Allowance, Limits
from stand_ins.posthog.query_api import QueryApi
from stand_ins.posthog.script import Script
from stand_ins.posthog.store import Store

PAGE_CAP = 50_000
PROJECT = r"/api/(?:projects|environments)/([^/]+)"
RUN = rf"{PROJECT}/file_download_batch_exports/([^/]+)"
ENDPOINTS = {
    "query": ("POST", re.compile(rf"{PROJECT}/query/?")),
    "export": ("POST", re.compile(rf"{PROJECT}/file_download_batch_exports/?")),
    "poll": ("GET", re.compile(rf"{RUN}/?")),
    "cancel": ("POST", re.compile(rf"{RUN}/cancel/?")),
    "download": ("GET", re.compile(rf"{RUN}/download(?:/([^/]+))?/?")),
    "capture": ("POST", re.compile(r"/batch/")),
}


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
        faults: what goes wrong, see `script.py`.
        exports: the export runs, and how the coming ones go.
        journal: what was asked.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        *,
        port: int = 0,
        files_port: int = 0,
        page_cap: int = PAGE_CAP,
        allowance: Allowance | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Bind to the ports; 0 takes a free one."""
        self.store = store
        self.faults = Script()
        self.journal = Journal()
        self._now = now
        allowance = allowance or Allowance()
        self._query_api = QueryApi(store, now, Limits(allowance), self.faults, page_cap)
        self._files_host = Host(self._answer_file, files_port, pause)
        self._files = Files(self._files_host.url, now)
        self.exports = ExportRuns(store, now, self._files, allowance.exports_at_once)
        self._exports_api = ExportsApi(self.exports)
        self._api_host = Host(self._answer, port, pause)
        self.address = PostHogAddress(self._api_host.url)

    def __enter__(self) -> Self:
        """Serve in the background."""
        self._api_host.start()
        self._files_host.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self._api_host.stop()
        self._files_host.stop()

    def _answer(self, request: Request) -> Answer:
        for endpoint, (method, path) in ENDPOINTS.items():
            found = path.fullmatch(request.path)
            if found and method == request.method:
                respond = partial(self._dispatch, endpoint, found.groups(), request)
                return self.journal.record(endpoint, request, respond)
        return failure(404, "not_found", "Not found.")

    def _dispatch(
        self, endpoint: str, names: tuple[str | None, ...], request: Request
    ) -> Answer:
        if endpoint == "query":
            return self._query_api.answer(names[0], request)
        if endpoint == "capture":
            return self.faults.respond(endpoint, request, self._capture)
        respond = partial(self._exports_api.answer, endpoint, names)
        return self.faults.respond(endpoint, request, respond)

    def _capture(self, request: Request) -> Answer:
        return capture(self.store, request.body, self._now())

    def _answer_file(self, request: Request) -> Answer:
        respond = partial(self.faults.respond, "file", request, self._files.answer)
        return self.journal.record("file", request, respond)
