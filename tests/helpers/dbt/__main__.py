"""What the fork server imports: the project, parsed once for each engine."""

import gc
import os
import sys
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from tests.conftest import REPOSITORY
from tests.helpers.dbt import parsed_project

PARSED = "warehouse"  # the database that parsed models are in
URLS = {
    "duckdb": f"duckdb:///{PARSED}.duckdb",
    "postgresql": f"postgresql://nobody:@localhost/{PARSED}",
}


def parse(url: str) -> Manifest:
    """Parse what has changed in the project, for a warehouse that need not be there.

    Raises:
        RuntimeError: it does not parse.
    """
    with TemporaryDirectory() as folder:
        Path(folder, "profiles.yml").symlink_to(REPOSITORY / "profiles.example.yml")
        environment = {
            "WAREHOUSE_URL": url,
            "DBT_PROJECT_DIR": str(REPOSITORY),
            "DBT_PROFILES_DIR": folder,
            "DBT_TARGET_PATH": str(parsed_project(url).parent),
            "DBT_LOG_PATH": folder,
        }
        with patch.dict(os.environ, environment):
            parsed = dbtRunner().invoke(["parse", "--quiet", "--no-write-json"])
    if not parsed.success:
        raise RuntimeError(f"dbt does not parse the project: {parsed.exception}")
    return parsed.result


MANIFESTS = {scheme: parse(url) for scheme, url in URLS.items()}
gc.freeze()  # else each fork goes through all of them again and again


def manifest_of(url: str) -> Manifest:
    """Return the parsed project with its tables in the database of a warehouse."""
    scheme, _, rest = url.partition("://")
    manifest = MANIFESTS[scheme]
    database = rest.partition("?")[0].rpartition("/")[2].removesuffix(".duckdb")
    metrics_are_of = [one.node_relation for one in manifest.semantic_models.values()]
    nodes = manifest.nodes.values(), manifest.sources.values(), metrics_are_of
    for node in chain.from_iterable(nodes):
        node.database = database
        if node.relation_name:
            node.relation_name = node.relation_name.replace(PARSED, database, 1)
    return manifest


def main() -> int:
    """Run dbt; return the code that it ends with as a command."""
    runner = dbtRunner(manifest_of(os.environ["WAREHOUSE_URL"]))
    result = runner.invoke(sys.argv[1:])
    return 2 if result.exception else int(not result.success)
