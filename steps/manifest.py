"""What dbt wrote about the project."""

import json
import os
from pathlib import Path
from typing import Any

from warehouse.errors import UserError

Node = dict[str, Any]


def target_folder() -> Path:
    """Return the folder that dbt writes to."""
    return Path(os.environ.get("DBT_TARGET_PATH", "target"))


def read_manifest(target: Path) -> Node:
    """Read the file that describes all nodes of the project.

    Raises:
        UserError: dbt did not run.
    """
    manifest_file = target / "manifest.json"
    try:
        manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
        manifest["nodes"].values()
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise UserError(f"{manifest_file} cannot be read: run `dbt build`") from error
    return manifest
