"""The ClickHouse functions the stand-in knows, as DuckDB macros."""

FUNCTIONS = {
    "ifNull": "(value, fallback) as coalesce(value, fallback)",
    "intDiv": "(dividend, divisor) as dividend // divisor",
    "now": "() as getvariable('server_now')",
    # A Date of ClickHouse has 16 bits: what is outside of 1970 to 2149 wraps around.
    "toDate": (
        "(value) as date '1970-01-01' + "
        "cast((try_cast(value as date) - date '1970-01-01') & 65535 as integer)"
    ),
    "toDateTime": "(value) as try_cast(value as timestamptz)",
    "toInt": "(value) as try_cast(value as bigint)",
    "toString": "(value) as cast(value as varchar)",
    "toTimeZone": "(moment, zone) as timezone(zone, moment)",
    "toUnixTimestamp64Milli": "(moment) as epoch_ms(moment)",
    "uniq": "(value) as count(distinct value)",
    "uniqExact": "(value) as count(distinct value)",
}
# No HogQL names: what sqlglot makes of cityHash64, what hogql.py writes for a
# property and a bound on a timestamp, and how the store writes a time.
INTERNAL_FUNCTIONS = {
    "city_hash64": "(value) as hash(value)",
    # As JSON has it but for the quotes around it: a quote within keeps its backslash.
    "property": (
        "(properties, path) as nullif(nullif(regexp_replace("
        "json_extract(properties, path)::varchar, '^\"|\"$', '', 'g'), ''), 'null')"
    ),
    # The day by which ClickHouse sorts the events, and that of a bound by which it
    # skips them: NULL if the bound has none.
    "sorted_day": "(moment) as toDate(timezone('UTC', moment))",
    "skipped_day": (
        "(bound) as case when bound between '1970-01-01 00:00:00Z'::timestamptz "
        "and '2149-06-06 23:59:59Z'::timestamptz then sorted_day(bound) end"
    ),
    "iso_time": (
        "(moment) as replace(replace("
        "strftime(moment, '%Y-%m-%dT%H:%M:%S.%f%z'), '.000000', '')"
        " || case when length(strftime(moment, '%z')) = 3 then ':00' else '' end,"
        " '+00:00', 'Z')"
    ),
}
MACROS = {**FUNCTIONS, **INTERNAL_FUNCTIONS}
