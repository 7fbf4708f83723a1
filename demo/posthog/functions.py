"""The ClickHouse functions the stand-in knows, as DuckDB macros."""

FUNCTIONS = {
    "ifNull": "(value, fallback) as coalesce(value, fallback)",
    "intDiv": "(dividend, divisor) as dividend // divisor",
    "now": "() as getvariable('server_now')",
    "toDate": "(value) as try_cast(value as date)",
    "toDateTime": "(value) as try_cast(value as timestamptz)",
    "toInt": "(value) as try_cast(value as bigint)",
    "toString": "(value) as cast(value as varchar)",
    "toTimeZone": "(moment, zone) as timezone(zone, moment)",
    "uniq": "(value) as count(distinct value)",
    "uniqExact": "(value) as count(distinct value)",
}
# No HogQL names: what sqlglot makes of cityHash64, what hogql.py writes for a
# property, and how the store writes a time.
INTERNAL_FUNCTIONS = {
    "city_hash64": "(value) as hash(value)",
    "property": (
        "(properties, path) as nullif("
        "nullif(json_extract_string(properties, path), ''), 'null')"
    ),
    "iso_time": (
        "(moment) as replace(replace("
        "strftime(moment, '%Y-%m-%dT%H:%M:%S.%f%z'), '.000000', '')"
        " || case when length(strftime(moment, '%z')) = 3 then ':00' else '' end,"
        " '+00:00', 'Z')"
    ),
}
MACROS = {**FUNCTIONS, **INTERNAL_FUNCTIONS}
