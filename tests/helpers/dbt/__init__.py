"""dbt as a command that finds the project parsed, which takes longer than most runs."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.helpers.commands import preload, run_module

preload(f"{__name__}.__main__")


def parsed_project(url: str) -> Path:
    """Return the file in which dbt keeps what it parsed for an engine.

    It stays, so that only the first tests of a clone have to parse all.
    """
    engine = url.partition(":")[0]
    return REPOSITORY / "target" / "parsed_by_tests" / engine / "partial_parse.msgpack"


def run_dbt(
    *arguments: str, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run dbt, which writes into a folder with a profiles.yml; keep what it prints."""
    paths = {
        "DBT_PROJECT_DIR": str(REPOSITORY),
        "DBT_PROFILES_DIR": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    return run_module(
        __name__, *arguments, folder=folder, environment={**environment, **paths}
    )
