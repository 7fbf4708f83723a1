"""POST /api/projects/:id/query/: the answer to a HogQL query."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from stand_ins.answers import Answer, Request, success
from stand_ins.posthog.access import UNSCOPED_API_KEY, refusal
from stand_ins.posthog.answers import failure
from stand_ins.posthog.hogql import DEFAULT_LIMIT, HogQLError, translate
from stand_ins.posthog.limits import Limits
from stand_ins.posthog.script import Script
from stand_ins.posthog.store import Store

__all__ = ["UNSCOPED_API_KEY", "QueryApi"]

SCOPE = "query:read"
FRESH = ("force_blocking", "force_async")
CACHED_ROWS = 200_000


@dataclass
class QueryApi:
    """The query endpoint of one project.

    Attributes:
        page_cap: the LIMIT above which PostHog silently returns less.
    """

    store: Store
    now: Callable[[], datetime]
    limits: Limits
    script: Script
    page_cap: int
    _cache: dict[bytes, dict[str, Any]] = field(default_factory=dict)

    def answer(self, project_id: str, request: Request) -> Answer:
        """Answer one request, in PostHog's order of checks."""
        refused = refusal(project_id, request.authorization, SCOPE)
        refused = refused or self.limits.refusal(self.now())
        if refused:
            return refused
        with self.limits.place() as has_place:
            if not has_place:
                return failure(429, "throttled", "Too many queries at once.")
            return self.script.respond("query", request, self._execute)

    def _execute(self, request: Request) -> Answer:
        try:
            content = self._content(_read(request.body))
        except HogQLError as error:
            return failure(400, "illegal_hogql", str(error))
        return self.limits.charge(success(content), self.now())

    def _content(self, request: dict[str, Any]) -> dict[str, Any]:
        query = request["query"]
        cache_key = orjson.dumps(query, option=orjson.OPT_SORT_KEYS)
        if request.get("refresh") not in FRESH and cache_key in self._cache:
            return {**self._cache[cache_key], "is_cached": True}
        content = self._run(query["query"], query.get("values") or {})
        self._remember(cache_key, content)
        return content

    def _remember(self, cache_key: bytes, content: dict[str, Any]) -> None:
        """Keep an answer; forget the oldest where they are too many."""
        cache = {**self._cache, cache_key: content}
        rows = sum(len(answer["results"]) for answer in cache.values())
        for key in list(cache):
            if rows <= CACHED_ROWS:
                break
            rows -= len(cache.pop(key)["results"])
        self._cache = cache

    def _run(self, query: str, values: dict[str, Any]) -> dict[str, Any]:
        translation = translate(query, values)
        has_limit = translation.limit is not None
        # Without a LIMIT, one row more than is given tells whether there are more.
        limit = translation.limit if has_limit else DEFAULT_LIMIT + 1
        limit = min(limit, self.page_cap)
        answer = self.store.select(f"{translation.sql} limit {limit}", self.now())
        content = {
            "columns": answer.columns,
            "results": answer.rows,
            "types": list(zip(answer.columns, answer.clickhouse_types, strict=True)),
            "query": query,
            "error": None,
            "is_cached": False,
        }
        if not has_limit:
            content["results"] = answer.rows[:DEFAULT_LIMIT]
            content["hasMore"] = len(answer.rows) > DEFAULT_LIMIT
            content |= {"limit": DEFAULT_LIMIT, "offset": 0}
        return content


def _read(body: bytes) -> dict[str, Any]:
    try:
        request = orjson.loads(body)
        kind, query = request["query"]["kind"], request["query"]["query"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise HogQLError("The body must hold a query with a kind.") from error
    if kind != "HogQLQuery" or not isinstance(query, str):
        raise HogQLError("The stand-in answers only queries of kind HogQLQuery.")
    return request
