"""PostHog's query API as Arrow: one HogQL query in, one typed table out.

Every query is asked with `refresh: force_blocking` and an explicit LIMIT, and a full
page counts as cut off: without these PostHog answers from a cache, or with 100 rows,
or with the first 50,000, and says nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from loaders.errors import UserError
from loaders.posthog.api import Api, Json
from loaders.posthog.failures import MISFIT, TooLargeError, UnavailableError, reason

PAGE_CAP = 50_000

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
            LaterError: the time or the budget of this load is spent.
            UserError: PostHog refuses, or never gave a sound answer.
        """
        body = {
            "query": {
                "kind": "HogQLQuery",
                "query": f"{hogql} limit {self.page_cap}",
                "values": dict(values),
            },
            "name": "growth warehouse",
            "refresh": "force_blocking",
        }
        rows = self.api.retrying(lambda: _typed(self._ask(body), schema))
        if rows.num_rows >= self.page_cap:
            raise TooLargeError(f"a full page of {rows.num_rows} rows")
        return rows

    def _ask(self, body: Json) -> Json:
        self.api.budget.check()
        path = "projects/{project}/query/"
        content = self.api.once("POST", path, body, may_be_cut=True)
        if content.get("error") or not content.keys() >= {"columns", "results"}:
            raise UnavailableError(reason(200, content, self.api.api_key))
        if content.get("is_cached"):
            raise UnavailableError("a cached answer, though a fresh one was asked for")
        return content


def _typed(content: dict[str, Any], schema: pa.Schema) -> pa.Table:
    names, rows = content["columns"], content["results"]
    try:
        values = list(zip(*rows, strict=True)) or [()] * len(names)
        columns = dict(zip(names, values, strict=True))
    except (ValueError, TypeError):
        raise UnavailableError("the rows of the answer are not all alike") from None
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
        # A time without a zone does not cast: it is never guessed at.
        return pa.array(values).cast(kind)
    except pa.ArrowException:
        return None
