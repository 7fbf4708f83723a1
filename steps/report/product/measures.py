"""How the product page measures spans of 28 days: SQL over one mart.

Four whole weeks hold every weekday equally often, unlike a calendar month. People are
never added up over days: they are averaged, or taken of the last day.
"""

from dataclasses import dataclass

ALWAYS = "true"


@dataclass(frozen=True)
class Measure:
    """One number of a span.

    Attributes:
        name: Of the column of the query.
        label: What it is called.
        meaning: What is counted, in words.
        value: SQL over the days of a span.
        columns: What of the mart it is made of.
        is_share: Whether it is a part of one.
        of: SQL: of how many it is a share; null if that says nothing.
        tracked: SQL: whether all that counts was tracked in the whole span.
    """

    name: str
    label: str
    meaning: str
    value: str
    columns: str
    is_share: bool = False
    of: str = "null"
    tracked: str = ALWAYS


@dataclass(frozen=True)
class Kinds:
    """What is counted in the last span, told apart.

    Attributes:
        label: What is counted, by what.
        mart: The table, which has rows for days and kinds.
        columns: That name the kind.
        value: The column that is counted.
    """

    label: str
    mart: str
    columns: tuple[str, ...]
    value: str


@dataclass(frozen=True)
class Area:
    """One part of the product, and its mart, which has rows for days.

    Attributes:
        key: Its name in links and queries.
        title: Its heading.
        mart: The table.
        measures: What is told of it.
        system: The one that it is made of; empty for all.
        known: SQL: whether the numbers of a day are final.
        by_segment: Whether the mart tells user types apart.
        kinds: What else is told.
    """

    key: str
    title: str
    mart: str
    measures: tuple[Measure, ...]
    system: str = ""
    known: str = "is_complete"
    by_segment: bool = False
    kinds: Kinds | None = None


def sum_of(column: str) -> str:
    """Return SQL: what all days of a span add up to."""
    return f"cast(sum({column}) as bigint)"


def a_day(column: str) -> str:
    """Return SQL: the average over the days of a span."""
    return f"cast(sum({column}) as {{double}}) / count(distinct metric_date)"


def last(column: str) -> str:
    """Return SQL: the number of the last day of a span."""
    return f"cast(sum(case when is_last_day then {column} end) as bigint)"


def share_of(part: str, whole: str) -> str:
    """Return SQL: one sum by another."""
    return f"cast(sum({part}) as {{double}}) / nullif(sum({whole}), 0)"


def total(name: str, label: str, meaning: str) -> Measure:
    """Return a measure that adds up over days."""
    return Measure(name, label, meaning, sum_of(name), name)


def stock(name: str, label: str, meaning: str) -> Measure:
    """Return a measure that is of the last day."""
    return Measure(name, label, meaning, last(name), name)


def average(name: str, label: str, meaning: str) -> Measure:
    """Return a measure of an average day."""
    return Measure(name, label, meaning, a_day(name), name)
