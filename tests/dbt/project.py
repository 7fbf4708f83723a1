"""The dbt project as its files state it."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import REPOSITORY

MODELS = REPOSITORY / "models"
SOURCE_CALL = re.compile(r"source\('(\w+)', '(\w+)'\)")


@dataclass(frozen=True)
class Model:
    """One model: its SQL file and the YAML file that describes it."""

    path: Path

    @property
    def name(self) -> str:
        """Its name, which is that of its file."""
        return self.path.stem

    @property
    def layer(self) -> str:
        """Its layer: the folder of `models` that it is in, which is its schema."""
        return self.path.relative_to(MODELS).parts[0]

    @cached_property
    def sql(self) -> str:
        """Its SQL, as written."""
        return self.path.read_text(encoding="utf-8")

    @property
    def properties_path(self) -> Path:
        """The YAML file of the same name, or that of all staging models of a source."""
        own = self.path.with_suffix(".yml")
        source = self.path.parent.name
        return own if own.exists() else own.with_name(f"_{source}__sources.yml")

    @cached_property
    def properties_file(self) -> dict[str, Any]:
        """What the YAML file says about this model, and perhaps others."""
        return yaml.safe_load(self.properties_path.read_text(encoding="utf-8"))

    @property
    def properties(self) -> dict[str, Any]:
        """What the YAML file says about it."""
        (properties,) = (
            properties
            for properties in self.properties_file["models"]
            if properties["name"] == self.name
        )
        return properties

    @property
    def unit_tests(self) -> list[str]:
        """The names of its unit tests."""
        return [test["name"] for test in self.properties_file.get("unit_tests", ())]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """The source tables it reads: names of source and table."""
        return SOURCE_CALL.findall(self.sql)

    @property
    def has_tested_key(self) -> bool:
        """Tell whether a test says which columns identify a row."""
        return any(
            {"unique", "not_null"} <= set(map(str, column.get("data_tests", ())))
            for column in self.properties["columns"]
        ) or any(
            "unique_together" in test for test in self.properties.get("data_tests", ())
        )


def models() -> list[Model]:
    """Return all models of the project."""
    return [Model(path) for path in sorted(MODELS.rglob("*.sql"))]


def declared_sources() -> set[tuple[str, str]]:
    """Return the names of source and table that are declared."""
    return {
        (source["name"], table["name"])
        for path in MODELS.rglob("*.yml")
        for source in yaml.safe_load(path.read_text(encoding="utf-8")).get(
            "sources", ()
        )
        for table in source["tables"]
    }
