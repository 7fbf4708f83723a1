"""PostHog's query API as Arrow: one HogQL query in, one typed table out.

Every query is asked with `refresh: force_blocking` and with an explicit LIMIT, and a
full page counts as cut off: without these PostHog answers from a cache, or with 100
rows, or with the first 50,000, and says nothing.

Every query is unlike any before, so a cache that hides has no answer to it. What pages
are proved by, counts and the time, also proves itself: each row repeats what was new in
the query, and says how many rows there are.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pyarrow as pa

from loaders.posthog.api.failures import MISFIT, TooLargeError, TransientError, reason
from loaders.posthog.api.http import Api, Json
from warehouse.errors import UserError

logger = logging.getLogger(__name__)

PAGE_CAP = 50_000
PROOF = "{request} as request, count() over () as answer_rows"
PROOF_SCHEMA = (("request", pa.string()), ("answer_rows", pa.int64()))

Values = Mapping[str, str | int]


@dataclass(frozen=True)
class PostHogClient:
    """The query API of one project.

    Attributes:
        page_cap: the most rows PostHog gives in one answer.
    """

    api: Api
    page_cap: int = PAGE_CAP

    def query(self, hogql: str, values: Values, schema: pa.Schema) -> pa.Table:
        """Run a HogQL query that has no LIMIT of its own.

        Args:
            hogql: the query, with `{name}` placeholders.
            values: what PostHog puts in for them, escaped by PostHog.
            schema: the columns to take from the answer, by name, and their types.

        Raises:
            TooLargeError: the page came back full, or the query ran too long.
            DeadlineExceededError: the time or the budget of this load is spent.
            UserError: PostHog refuses, or never gave a sound answer.
        """
        return self._retrying(lambda: self._ask(hogql, values, schema))

    def query_proved(
        self,
        columns: str,
        rest: str,
        values: Values,
        schema: pa.Schema,
        least_rows: int = 0,
    ) -> pa.Table:
        """Run a query whose answer proves that it is fresh and whole; see `query`.

        Args:
            columns: what is selected.
            rest: of the query.
            values: of the placeholders in both.
            schema: the columns to take from the answer, by name, and their types.
            least_rows: the fewest rows that a sound answer has; of none, nothing tells.
        """
        hogql = f"select {PROOF}, {columns} {rest}"
        with_proof = pa.schema([*PROOF_SCHEMA, *schema])

        def ask() -> pa.Table:
            rows = self._ask(hogql, values, with_proof)
            told = set(rows["answer_rows"].to_pylist()) or {least_rows}
            if rows.num_rows < self.page_cap and told != {rows.num_rows}:
                raise TransientError(f"{rows.num_rows} rows, and there are others")
            return rows

        return self._retrying(ask).select(schema.names)

    def _retrying(self, ask: Callable[[], pa.Table]) -> pa.Table:
        rows = self.api.retrying(ask)
        if rows.num_rows >= self.page_cap:
            raise TooLargeError(f"a full page of {rows.num_rows} rows")
        return rows

    def _ask(self, hogql: str, values: Values, schema: pa.Schema) -> pa.Table:
        self.api.budget.check()
        request = uuid4().hex
        body = {
            "query": {
                "kind": "HogQLQuery",
                "query": f"{hogql} limit {self.page_cap}",
                "values": {**values, "request": request},
            },
            "name": "growth warehouse",
            "refresh": "force_blocking",
        }
        path = "projects/{project}/query/"
        content = self.api.once("POST", path, body, may_be_cut=True)
        if content.get("error") or not content.keys() >= {"columns", "results"}:
            raise TransientError(reason(200, content, self.api.api_key))
        if content.get("is_cached"):
            raise TransientError("a cached answer, though a fresh one was asked for")
        rows = _typed(content, schema)
        if "request" in schema.names and set(rows["request"].to_pylist()) - {request}:
            raise TransientError("the answer to another query")
        return rows


def _typed(content: Json, schema: pa.Schema) -> pa.Table:
    names, rows = content["columns"], content["results"]
    try:
        values = list(zip(*rows, strict=True)) or [()] * len(names)
        columns = dict(zip(names, values, strict=True))
    except (ValueError, TypeError):
        raise TransientError("the rows of the answer are not all alike") from None
    missing = [name for name in schema.names if name not in columns]
    if missing:
        raise UserError(f"posthog: the answer lacks {', '.join(missing)}; {MISFIT}")
    arrays = [_array(columns[field.name], field.type) for field in schema]
    misfits = [
        name for name, array in zip(schema.names, arrays, strict=True) if array is None
    ]
    if misfits:
        raise UserError(f"posthog: {', '.join(misfits)} changed type; {MISFIT}")
    return pa.table(arrays, schema=schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array | None:
    """Return the values as an array; None, and not the value, tells of a misfit."""
    try:
        try:
            array = pa.array(values)
        except UnicodeEncodeError:  # JSON can hold half a character; Arrow cannot
            whole = [_whole(value) for value in values]
            halves = sum(a != b for a, b in zip(whole, values, strict=True))
            logger.warning(
                "posthog: U+FFFD stands for half a character in %d values", halves
            )
            array = pa.array(whole)
        # A time without a zone does not cast: it is never guessed at.
        return array.cast(kind)
    except pa.ArrowException:
        return None


def _whole(value: Any) -> Any:  # noqa: ANN401
    """Return a text with U+FFFD for each half of a character."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
