"""How a column of a Postgres source is read as the type that the contract declares.

Every conversion keeps the value or gives NULL, and never fails on one.
"""

TEXT_TYPES = {"text", "varchar", "bpchar", "citext", "name", "enum"}
FAMILIES = {
    **dict.fromkeys(TEXT_TYPES, "text"),
    **dict.fromkeys(("int2", "int4", "int8"), "integer"),
    **dict.fromkeys(("numeric", "float4", "float8"), "number"),
    **dict.fromkeys(("timestamptz", "timestamp", "date"), "time"),
    "bool": "boolean",
    "uuid": "uuid",
}
IS_UUID = "^[0-9a-f]{{8}}(-?[0-9a-f]{{4}}){{3}}-?[0-9a-f]{{12}}$"
IS_TRUE = "('t', 'true', 'y', 'yes', 'on', '1')"
IS_FALSE = "('f', 'false', 'n', 'no', 'off', '0')"
# An infinite time stands for none, and Arrow knows none beyond these years.
TIME = "case when {0} >= '0001-01-01' and {0} < '9999-12-31' then {0}::timestamptz end"
# Arrow's numbers have 29 digits before the point. Inf and NaN are larger than all.
NUMBER = (
    "case when abs({0}) < 1e30 then case when abs(round({0}::numeric, 9)) < 1e29 "
    "then round({0}::numeric, 9)::text end end"
)
# Seconds, milliseconds, microseconds or nanoseconds since 1970: of each, one that
# counts from 1973 on is larger than any of the ones before up to the year 5138.
SMALLEST_EPOCH = 10**8
LARGEST_EPOCH = 10**19
EPOCH = (
    "to_timestamp({0}::numeric / case when abs({0}::numeric) < 1e11 then 1 "
    "when abs({0}::numeric) < 1e14 then 1e3 when abs({0}::numeric) < 1e17 then 1e6 "
    "else 1e9 end)"
)
READINGS = {
    ("uuid", "uuid"): "{0}::text",
    ("uuid", "text"): (
        f"case when {{0}}::text ~* '{IS_UUID}' then {{0}}::text::uuid::text end"
    ),
    ("bigint", "integer"): "{0}::bigint",
    ("bigint", "number"): (
        "case when {0} = trunc({0}) and abs({0}) < 9e18 then {0}::bigint end"
    ),
    ("bigint", "text"): (
        "case when {0}::text ~ '^[+-]?[0-9]{{1,18}}$' then {0}::text::bigint end"
    ),
    ("bigint", "boolean"): "{0}::integer::bigint",
    ("numeric", "integer"): "{0}::numeric::text",
    ("numeric", "number"): NUMBER,
    ("numeric", "text"): (
        "case when {0}::text ~ '^[+-]?[0-9]{{1,29}}(\\.[0-9]{{1,9}})?$' "
        "then {0}::text::numeric(38, 9)::text end"
    ),
    ("boolean", "boolean"): "{0}",
    ("boolean", "integer"): "case {0} when 1 then true when 0 then false end",
    ("boolean", "text"): (
        f"case when lower({{0}}::text) in {IS_TRUE} then true "
        f"when lower({{0}}::text) in {IS_FALSE} then false end"
    ),
    ("timestamp", "time"): TIME,
    ("timestamp", "integer"): (
        f"case when abs({{0}}::numeric) >= {SMALLEST_EPOCH} then {EPOCH} end"
    ),
    ("deletion", "time"): TIME,
    ("deletion", "integer"): (
        f"case when {{0}} <> 0 then case when abs({{0}}::numeric) >= {SMALLEST_EPOCH} "
        f"then {EPOCH} else {{unknown}} end end"
    ),
    ("deletion", "number"): (  # NaN and infinity are larger than all
        f"case when {{0}} <> 0 and abs({{0}}::numeric) < {LARGEST_EPOCH} then "
        f"case when abs({{0}}::numeric) >= {SMALLEST_EPOCH} "
        f"then {EPOCH} else {{unknown}} end end"
    ),
    ("deletion", "boolean"): "case when {0} then {unknown} end",
}
LOSSY = {
    ("uuid", "text"),
    ("bigint", "number"),
    ("bigint", "text"),
    ("numeric", "number"),
    ("numeric", "text"),
    ("boolean", "integer"),
    ("boolean", "text"),
    ("timestamp", "integer"),
}


def reading(declared: str, found: str, name: str, unknown: str) -> str | None:
    """Return the SQL that reads a column, or None if its type does not convert.

    Args:
        declared: the type in the contract.
        found: the type in the source.
        name: the column in the source.
        unknown: SQL for a time of deletion that the source does not tell.
    """
    family = FAMILIES.get(found)
    if declared in ("identifier", "text"):
        template = "{0}::text" if family else None
    else:
        template = READINGS.get((declared, family))
    return template and template.format(f'"{name}"', unknown=unknown)


def may_lose(declared: str, found: str) -> bool:
    """Tell whether a value may not fit the declared type, and become NULL."""
    return (declared, FAMILIES.get(found)) in LOSSY
