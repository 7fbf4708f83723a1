"""Print HogQL for ClickHouse as PostHog prints it.

Only what the loader uses: the rest raises. After PostHog's printer, as of 2026-11:

* a time is read in the zone of the project; a comparison takes the bare column, so
  that ClickHouse may skip what lies outside of the range;
* a time literal is parsed by `parseDateTime64BestEffort` (PostHog has faster ways for
  some without a zone, which the loader never writes);
* a property is the raw JSON of its value without the quotes around it, and NULL if that
  is nothing, or null (what PostHog keeps in columns of their own: `$session_id` always,
  common ones like `$os` and `$lib` mostly);
* a placeholder becomes a literal; a column of the answer has the name it was asked by.

Left out: the team, the rows of a person that are no longer valid (here each has one).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.grammar import Node

COLUMNS = {
    "events": {"uuid", "event", "distinct_id", "event_person_id", "person_id"},
    "persons": {"id", "is_identified"},
    "raw_person_distinct_ids": {"distinct_id", "person_id", "version", "is_deleted"},
}
TIMES = {"timestamp", "created_at"}
# HogQL's name: ClickHouse's. What is missing here is looked up in PostHog's list of
# functions before it is added: HogQL has fewer than ClickHouse.
FUNCTIONS = {
    name: name
    for name in (
        *("argMax", "cityHash64", "count", "intDiv", "max", "min", "sum"),
        *("toDate", "toTimeZone", "toUnixTimestamp64Milli", "uniqExact"),
    )
}
COMPARISONS = {"==": "=", "!=": "!=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}

Value = str | int


@dataclass(frozen=True)
class Printer:
    """Prints the queries of one project.

    Attributes:
        time_zone: the project's.
        values: what stands in for placeholders.
    """

    time_zone: str
    values: Mapping[str, Value]

    def query(self, node: Node) -> str:
        """Return a SELECT as ClickHouse SQL."""
        table = node["select_from"] and node["select_from"]["table"]["chain"][0]
        columns = [self._column(column, table) for column in node["select"]]
        clauses = [
            f"select {', '.join(columns)}",
            f"from {table}" if table else "",
            f"where {self._print(node['where'], table)}" if node["where"] else "",
            self._group_by(node["group_by"] or [], table),
            f"limit {node['limit']['value']}" if node.get("limit") else "",
        ]
        return " ".join(filter(None, clauses))

    def _column(self, node: Node, table: str) -> str:
        if node["node"] == "Alias":
            return f"{self._print(node['expr'], table)} as `{node['alias']}`"
        return f"{self._print(node, table)} as `{node['chain'][-1]}`"

    def _group_by(self, nodes: list[Node], table: str) -> str:
        columns = ", ".join(self._print(node, table) for node in nodes)
        return f"group by {columns}" if columns else ""

    def _print(self, node: Node, table: str) -> str:
        return getattr(self, f"_print_{node['node'].lower()}")(node, table)

    def _print_constant(self, node: Node, _: str) -> str:
        return literal(node["value"])

    def _print_placeholder(self, node: Node, _: str) -> str:
        return literal(self.values[node["expr"]["chain"][0]])

    def _print_tuple(self, node: Node, table: str) -> str:
        return f"tuple({self._list(node['exprs'], table)})"

    def _print_and(self, node: Node, table: str) -> str:
        return f"and({self._list(node['exprs'], table)})"

    def _print_arithmeticoperation(self, node: Node, table: str) -> str:
        names = {"%": "modulo", "-": "minus", "+": "plus"}
        return (
            f"{names[node['op']]}({self._list([node['left'], node['right']], table)})"
        )

    def _print_compareoperation(self, node: Node, table: str) -> str:
        left, right = node["left"], node["right"]
        if node["op"] == "in":
            return f"in({self._list([left, right], table)})"
        is_time = left.get("chain", [""])[0] in TIMES
        printed = f"{table}.{left['chain'][0]}" if is_time else self._print(left, table)
        return f"{printed} {COMPARISONS[node['op']]} {self._print(right, table)}"

    def _print_field(self, node: Node, table: str) -> str:
        name, *path = node["chain"]
        if name == "properties" and path:
            keys = ", ".join(map(literal, path))
            raw = f"JSONExtractRaw({table}.properties, {keys})"
            trimmed = f"""replaceRegexpAll({raw}, '^"|"$', '')"""
            return f"nullIf(nullIf({trimmed}, ''), 'null')"
        if name in TIMES:
            return f"toTimeZone({table}.{name}, {literal(self.time_zone)})"
        return f"{table}.{name}" if name in COLUMNS[table] else f"`{name}`"

    def _print_call(self, node: Node, table: str) -> str:
        name, arguments = node["name"], self._list(node["args"], table)
        zone = literal(self.time_zone)
        if name == "now":
            return f"now64(6, {zone})"
        if name == "toDateTime":
            return f"parseDateTime64BestEffort({arguments}, 6, {zone})"
        distinct = "distinct " if node["distinct"] else ""
        return f"{FUNCTIONS[name]}({distinct}{arguments})"

    def _print_windowfunction(self, node: Node, table: str) -> str:
        return f"{FUNCTIONS[node['name']]}({self._list(node['exprs'], table)}) over ()"

    def _list(self, nodes: list[Node], table: str) -> str:
        return ", ".join(self._print(node, table) for node in nodes)


def literal(value: Value | bool) -> str:
    """Return a literal of ClickHouse."""
    if not isinstance(value, str):
        return str(int(value))
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
