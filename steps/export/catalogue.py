"""The datasets, as dbt documents them: the models of the folder models/ai."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from steps.export.columns import ROLES, TYPES, USER_KEY, Column, may_coarsen
from steps.manifest import Node
from warehouse.errors import UserError


@dataclass(frozen=True)
class Dataset:
    """One model of the folder models/ai.

    Attributes:
        table: Its table.
        columns: In the order of its YAML.
        sql_hash: Hash of the model, of all that it is made of, and of the macros.
    """

    name: str
    table: str
    description: str
    columns: list[Column]
    sql_hash: str

    @property
    def written(self) -> list[Column]:
        """The columns in the files; the folder of a file says its split."""
        return [column for column in self.columns if column.role != "split"]

    @cached_property
    def quasi_identifiers(self) -> list[str]:
        """The columns that could help to recognise a person."""
        return [column.name for column in self.columns if column.is_quasi_identifier]

    @property
    def is_about_people(self) -> bool:
        """Whether its rows belong to users."""
        return any(column.name == USER_KEY for column in self.columns)

    def named(self, role: str) -> list[str]:
        """The names of the columns of a role."""
        return [column.name for column in self.columns if column.role == role]


def read_datasets(manifest: Node) -> list[Dataset]:
    """Read which datasets there are from what dbt wrote about the project.

    Raises:
        UserError: a model does not say what its columns are.
    """
    nodes = manifest["nodes"]
    tests: dict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        # a test of some rows says nothing of the others
        if node.get("column_name") and not node["config"].get("where"):
            tests[node["attached_node"]].append(node)
    datasets = [
        _dataset(node, tests[name], _sql_hash(name, manifest))
        for name, node in nodes.items()
        if node["resource_type"] == "model" and node["fqn"][1:] == ["ai", node["name"]]
    ]
    if not datasets:
        raise UserError(
            "dbt's manifest.json knows no model in models/ai: run `dbt build`"
        )
    return sorted(datasets, key=lambda dataset: dataset.name)


def _dataset(node: Node, tests: list[Node], sql_hash: str) -> Dataset:
    columns = [
        _column(node["name"], column, tests) for column in node["columns"].values()
    ]
    dataset = Dataset(
        node["name"],
        node["alias"],
        " ".join(node["description"].split()),
        columns,
        sql_hash,
    )
    for role in ("key", "split", "version"):
        if not dataset.named(role):
            raise UserError(
                f"{dataset.name} has no column with the role {role}: give one this "
                f"config.meta.role in models/ai/{dataset.name}.yml and run `dbt build`"
            )
    return dataset


def _column(model: str, column: Node, tests: list[Node]) -> Column:
    _check(model, column)
    meta = column["config"]["meta"]
    of_column = [
        test["test_metadata"] for test in tests if test["column_name"] == column["name"]
    ]
    values = [test["kwargs"].get("values", ()) for test in of_column]
    return Column(
        name=column["name"],
        data_type=column["data_type"],
        role=meta["role"],
        description=" ".join(column["description"].split()),
        is_quasi_identifier=bool(meta.get("quasi_identifier")),
        coarsen=meta.get("coarsen"),
        is_required=any(test["name"] == "not_null" for test in of_column),
        values=tuple(next(filter(None, values), ())),
    )


def _check(model: str, column: Node) -> None:
    meta, data_type = column["config"]["meta"], column["data_type"]
    for setting, value, accepted in (
        ("data_type", data_type, TYPES),
        ("config.meta.role", meta.get("role"), ROLES),
    ):
        if value not in accepted:
            raise UserError(
                f"{model}.{column['name']} has the {setting} {value}: use one of "
                f"{', '.join(accepted)} in models/ai/{model}.yml, then run `dbt build`"
            )
    coarsen = meta.get("coarsen")
    if coarsen is not None and not may_coarsen(data_type, coarsen):
        raise UserError(
            f"{model}.{column['name']} has the config.meta.coarsen {coarsen}: use "
            "month for a timestamptz, or a whole number above 1 for a bigint, in "
            f"models/ai/{model}.yml, then run `dbt build`"
        )


def _sql_hash(name: str, manifest: Node) -> str:
    """Hash the files of a model, of its ancestors, and all macros of the project."""
    nodes, ancestors, waiting = manifest["nodes"], set(), [name]
    while waiting:
        node = waiting.pop()
        if node in nodes and node not in ancestors:
            ancestors.add(node)
            waiting += nodes[node].get("depends_on", {}).get("nodes", [])
    sources = {node: nodes[node]["checksum"]["checksum"] for node in ancestors}
    sources |= {
        macro["unique_id"]: macro["macro_sql"]
        for macro in manifest["macros"].values()
        if macro["package_name"] == nodes[name]["package_name"]
    }
    return hashlib.sha256(json.dumps(sources, sort_keys=True).encode()).hexdigest()
