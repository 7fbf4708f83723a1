"""POST /api/projects/:id/query/: who may ask what, and the answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from demo.posthog.answers import Answer, failure, success
from demo.posthog.hogql import DEFAULT_LIMIT, HogQLError, translate
from demo.posthog.limits import Limits
from demo.posthog.store import Store

PROJECT_ID = "1"
API_KEY = "phx_stand_in"
# A key that exists but lacks the scope query:read.
UNSCOPED_API_KEY = "phx_stand_in_without_scopes"
FRESH = ("force_blocking", "force_async")


@dataclass
class QueryApi:
    """The query endpoint of one project.

    Attributes:
        page_cap: the LIMIT above which PostHog silently returns less.
    """

    store: Store
    now: Callable[[], datetime]
    limits: Limits
    page_cap: int
    _cache: dict[bytes, dict[str, Any]] = field(default_factory=dict)

    def answer(self, project_id: str, authorization: str | None, body: bytes) -> Answer:
        """Answer one request, in PostHog's order of checks."""
        refusal = _refusal(project_id, authorization) or self.limits.refusal(self.now())
        if refusal:
            return refusal
        with self.limits.place() as has_place:
            if not has_place:
                return failure(429, "throttled", "Too many queries at once.")
            try:
                content = self._content(_request(body))
            except HogQLError as error:
                return failure(400, "illegal_hogql", str(error))
            return self.limits.charge(success(content), self.now())

    def _content(self, request: dict[str, Any]) -> dict[str, Any]:
        query = request["query"]
        cache_key = orjson.dumps(query, option=orjson.OPT_SORT_KEYS)
        if request.get("refresh") not in FRESH and cache_key in self._cache:
            return {**self._cache[cache_key], "is_cached": True}
        content = self._run(query["query"], query.get("values") or {})
        self._cache[cache_key] = content
        return content

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


def _refusal(project_id: str, authorization: str | None) -> Answer | None:
    if authorization is None:
        detail = "Authentication credentials were not provided."
        return failure(401, "not_authenticated", detail)
    if authorization not in (f"Bearer {API_KEY}", f"Bearer {UNSCOPED_API_KEY}"):
        return failure(401, "authentication_failed", "Invalid personal API key.")
    if project_id != PROJECT_ID:
        detail = "You don't have access to the project."
        return failure(403, "permission_denied", detail)
    if authorization == f"Bearer {UNSCOPED_API_KEY}":
        detail = "API key missing required scope 'query:read'"
        return failure(403, "permission_denied", detail)
    return None


def _request(body: bytes) -> dict[str, Any]:
    try:
        request = orjson.loads(body)
        kind, query = request["query"]["kind"], request["query"]["query"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise HogQLError("The body must hold a query with a kind.") from error
    if kind != "HogQLQuery" or not isinstance(query, str):
        raise HogQLError("The stand-in answers only queries of kind HogQLQuery.")
    return request
