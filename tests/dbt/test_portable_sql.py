"""SQL that one of DuckDB, Postgres and Spark does not read, or reads otherwise."""

import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
WINDOW = r"over \(\s*(?!partition|order|range|rows|\{)\w+ (range|rows)"

# What is refused, an example of it, and the form that all engines read.
REFUSED = {
    r"::": ("null::text", "cast"),
    r"\bas (text|varchar)\s*\)": ("cast(a as text)", "type_text()"),
    r"double precision": ("cast(a as double precision)", "type_double()"),
    r"\btimestamptz\b": ("timestamptz '1970-01-01 00:00:00+00'", "type_instant()"),
    r"\bas uuid\s*\)": ("cast(a as uuid)", "a text"),
    r"at time zone": ("a at time zone 'UTC'", "zone_time or instant_of"),
    r"extract\(\s*epoch": ("extract(epoch from b - a)", "seconds_between or epoch_us"),
    r"\b(isodow|dow|epoch_ms)\b": ("extract(isodow from a)", "iso_weekday"),
    r"\w(date|_on|_day)\)? - \w*(date|_on|_day)\b": ("a_date - b_date", "days_between"),
    r"\bgenerate_series\b": ("generate_series(0, 9)", "integers"),
    r"with recursive": ("with recursive a as (", "integers"),
    r"\b(string|array|list)_agg\b": ("string_agg(a, ',')", "joined_text"),
    r"\bsum\([^()]+ order by": ("sum(a order by b)", "ordered_sum"),
    r"\bcollate\b": ('a collate "C"', "byte_order"),
    r"(?s)filter \([^()]*(\([^()]*\)[^()]*)*\)\s+over\b": (
        "count(*) filter (where a) over (order by b)",
        "a case inside the aggregate",
    ),
    WINDOW: ("sum(a) over (w range between 1 preceding", "the frame written out"),
    r"range between\s+interval|and interval '[^']*' (preceding|following)": (
        "range between interval '1 hour' preceding",
        "a frame over epoch_us",
    ),
    r"\b(corr|regr_\w+)\(": ("corr(a, b)", "sums, and nullif of what they divide by"),
    r"distinct on": ("select distinct on (a) b", "row_number"),
    r"\b(ilike|similar to|regexp\w*)\b": ("a ilike 'b'", "lower and like"),
    r"\binner join \w+( as \w+)?\s+using\b": ("inner join a using (b)", "on"),
    r"(?i)\bjsonb?\b|->>?": ("a ->> 'b'", "split_part, or a column that is loaded"),
    r"\bunnest\b": ("unnest(a)", "integers"),
}


def sql_files() -> list[Path]:
    return [
        path
        for folder in ("models", "macros", "tests", "snapshots")
        for path in sorted((REPOSITORY / folder).rglob("*.sql"))
        if path.parent.name != "engines"
    ]


@pytest.mark.parametrize("pattern", REFUSED)
def test_sql_is_of_a_form_that_all_engines_read(pattern: str) -> None:
    example, form = REFUSED[pattern]
    assert re.search(pattern, example), "the rule finds nothing"
    found = [
        f"{path.relative_to(REPOSITORY)}: {match[0]}: use {form}"
        for path in sql_files()
        for match in re.finditer(pattern, COMMENTS.sub("", path.read_text("utf-8")))
    ]
    assert not found


def test_engines_are_told_apart_in_one_folder() -> None:
    found = [
        path.name for path in sql_files() if "target.type" in path.read_text("utf-8")
    ]
    assert not found
