"""Translate HogQL, PostHog's dialect of ClickHouse SQL, into DuckDB SQL."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.dialects.clickhouse import ClickHouse
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from stand_ins.posthog.functions import FUNCTIONS

DEFAULT_LIMIT = 100
SKIPS = {exp.LT: exp.LTE, exp.LTE: exp.LTE, exp.GT: exp.GTE, exp.GTE: exp.GTE}
TABLES = {"events", "persons", "raw_person_distinct_ids"}
OFFSET_REFUSED = (
    "OFFSET is not supported on queries made with a personal API key. "
    "For bulk data extraction, use batch exports."
)

Value = str | int | float | None


class HogQLError(Exception):
    """A query that PostHog answers with 400, and the reason."""


@dataclass(frozen=True)
class Translation:
    """A query that DuckDB can run, without its limit.

    Attributes:
        sql: the query.
        limit: the LIMIT it came with; None if it had none.
    """

    sql: str
    limit: int | None


class _HogQL(ClickHouse):
    class Tokenizer(ClickHouse.Tokenizer):
        # `$` begins the name of a property here, never a $tag$ string.
        HEREDOC_STRINGS = []  # noqa: RUF012


def translate(query: str, values: Mapping[str, Value]) -> Translation:
    """Translate one SELECT.

    Args:
        query: HogQL, perhaps with `{name}` placeholders.
        values: what stands in for the placeholders.

    Raises:
        HogQLError: it is no single SELECT, or uses what PostHog refuses or what
            the stand-in does not know.
    """
    statement = _parse(query, values)
    _check(statement)
    limit = _pop_limit(statement)
    return Translation(statement.transform(_to_duckdb).sql("duckdb"), limit)


def _parse(query: str, values: Mapping[str, Value]) -> exp.Query:
    dialect = _HogQL()
    try:
        tokens = _fold(dialect.tokenize(query), values)
        statements = dialect.parser().parse(tokens, query)
    except SqlglotError as error:
        raise HogQLError(f"Unable to parse query: {error}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise HogQLError("Only a single SELECT query is allowed.")
    return statements[0]


def _fold(tokens: list[Token], values: Mapping[str, Value]) -> list[Token]:
    """Join `$` and `name` to one identifier, and put values for `{name}`."""
    folded = []
    remaining = iter(tokens)
    for token in remaining:
        if token.text == "$" and token.token_type != TokenType.STRING:
            name = next(remaining, token).text
            folded.append(Token(TokenType.IDENTIFIER, f"${name}"))
        elif token.token_type == TokenType.L_BRACE:
            name = next(remaining, token).text
            folded.append(_value_token(name, values))
            next(remaining, None)
        else:
            folded.append(token)
    return folded


def _value_token(name: str, values: Mapping[str, Value]) -> Token:
    if name not in values:
        raise HogQLError(f"Placeholder {{{name}}} is not available in this context.")
    value = values[name]
    if value is None:
        return Token(TokenType.NULL, "NULL")
    is_text = isinstance(value, str)
    return Token(TokenType.STRING if is_text else TokenType.NUMBER, str(value))


def _check(statement: exp.Query) -> None:
    if statement.find(exp.Offset):
        raise HogQLError(OFFSET_REFUSED)
    known = TABLES | {cte.alias for cte in statement.find_all(exp.CTE)}
    for table in statement.find_all(exp.Table):
        if table.db or table.name not in known:
            raise HogQLError(f"Unknown table `{table.sql()}`.")
    for function in statement.find_all(exp.Anonymous, exp.AnonymousAggFunc):
        if function.name not in FUNCTIONS:
            raise HogQLError(f"Unsupported function call '{function.name}(...)'.")


def _pop_limit(statement: exp.Query) -> int | None:
    limit = statement.args.get("limit")
    if limit is None:
        return None
    if not limit.expression.is_int:
        raise HogQLError("The stand-in takes only a number as LIMIT.")
    statement.set("limit", None)
    return int(limit.expression.name)


def _to_duckdb(node: exp.Expression) -> exp.Expression:
    if isinstance(node, tuple(SKIPS)):
        return _skip(node)
    return _property(node) if isinstance(node, exp.Column) else node


def _skip(comparison: exp.Binary) -> exp.Expression:
    """Skip by day what a bound on the timestamp excludes, as ClickHouse does.

    It sorts the events by toDate(timestamp), which wraps around: of the years before
    1970 and after 2149 it loses rows that are within the bound.
    """
    column, bound = comparison.left, comparison.right
    if not isinstance(column, exp.Column) or column.name != "timestamp":
        return comparison
    skip = SKIPS[type(comparison)](
        this=exp.func("sorted_day", column.copy()),
        expression=exp.func("skipped_day", bound.copy()),
    )
    kept = exp.func("coalesce", skip, exp.true())
    return exp.paren(exp.and_(comparison.copy(), kept))


def _property(node: exp.Column) -> exp.Expression:
    """Read a property as PostHog does: as text, and NULL if it is empty."""
    names = [part.name for part in node.parts]
    if "properties" not in names[:-1]:
        return node
    at = names.index("properties") + 1
    column = exp.column("properties", table=names[at - 2] if at > 1 else None)
    path = "$" + "".join(f'."{name}"' for name in names[at:])
    return exp.func("property", column, exp.Literal.string(path), dialect="duckdb")
