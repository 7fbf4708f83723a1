"""dbt as a command that finds the project parsed, which takes longer than most runs."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.helpers.commands import preload, run_module

preload(f"{__name__}.__main__")


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
