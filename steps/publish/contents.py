"""What is published: public models and some seeds, without what stays inside."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from steps.manifest import Node

SCHEMAS = {
    "core": "marts",
    "aggregates": "marts",
    "seeds": "marts",
    "ai": "training",
}


@dataclass(frozen=True)
class PublishedTable:
    """A table as readers see it.

    Attributes:
        schema: The readers' schema.
        source: The table it is made of, with its schema.
        columns: The description of each column.
        key: The columns that identify a row; none if they may be null.
    """

    schema: str
    name: str
    source: str
    description: str
    columns: dict[str, str]
    key: list[str]

    def statements(self, place: str, warehouse: str = "") -> Iterator[str]:
        """Yield the SQL that makes the table.

        Args:
            place: The schema to make it in.
            warehouse: What the names of the warehouse's schemas begin with.
        """
        yield (
            f"create table {place}.{self.name} as "
            f"select {', '.join(self.columns)} from {warehouse}{self.source}"
        )
        yield from described(f"{place}.{self.name}", self.description, self.columns)
        if self.key:
            yield (
                f"alter table {place}.{self.name} "
                f"add primary key ({', '.join(self.key)})"
            )


def described(place: str, description: str, columns: dict[str, str]) -> Iterator[str]:
    """Yield the SQL that comments on a table and its columns."""
    yield f"comment on table {place} is {quoted(description)}"
    for column, text in columns.items():
        yield f"comment on column {place}.{column} is {quoted(text)}"


def published_tables(manifest: Node) -> list[PublishedTable]:
    """Return what is published, without the columns that stay inside."""
    keys, required = defaultdict(list), defaultdict(set)
    for test in manifest["nodes"].values():
        name = (test.get("test_metadata") or {}).get("name")
        if name == "not_null":
            required[test["attached_node"]].add(test["column_name"])
        elif name == "unique":
            keys[test["attached_node"]].append([test["column_name"]])
        elif name == "unique_together":
            arguments = test["test_metadata"]["kwargs"]
            keys[test["attached_node"]].append(arguments["columns"])
    tables = [
        PublishedTable(
            SCHEMAS[node["schema"]],
            node["alias"],
            f"{node['schema']}.{node['alias']}",
            _line(node["description"]),
            {
                column["name"]: _line(column["description"])
                for column in node["columns"].values()
                if _is_published(column)
            },
            next((key for key in keys[name] if required[name].issuperset(key)), []),
        )
        for name, node in manifest["nodes"].items()
        if node.get("schema") in SCHEMAS and _is_shown(node)
    ]
    return sorted(tables, key=lambda table: (table.schema, table.name))


def _is_shown(node: Node) -> bool:
    """A seed has no access; it is published if its meta says so."""
    if node["resource_type"] == "seed":
        return node["config"]["meta"].get("publish") is True
    is_public = node["resource_type"] == "model" and node["access"] == "public"
    return is_public and _is_published(node)


def _is_published(node: Node) -> bool:
    return node["config"]["meta"].get("publish", True) is not False


def _line(text: str) -> str:
    return " ".join(text.split())


def quoted(text: object) -> str:
    """Return a text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"
