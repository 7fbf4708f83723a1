"""dbt's profile: `profiles.example.yml` for the warehouse that `.env` may name.

dbt reads the environment but not `.env`, so a WAREHOUSE_URL from there becomes the
default of the profile; one from the environment is never stored. Run alone, by
`make setup`: `python -m warehouse.profile` also lets dbt find the project's plugin.
"""

import os
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from warehouse.connection import (
    OPTIONS_OF_DBT,
    OTHERS,
    is_duckdb,
    is_spark,
    postgres_parts,
)
from warehouse.console import command
from warehouse.errors import UserError
from warehouse.settings import DEFAULT_WAREHOUSE_URL, ENV_FILE, read_env_file
from warehouse.spark import NOT_INSTALLED

PROJECT = Path(__file__).parents[1]
EXAMPLE_FILE = PROJECT / "profiles.example.yml"
PROFILE_FILE = Path("profiles.yml")
UNQUOTED = set("'\"$`\\")


def write_profile() -> None:
    """Replace profiles.yml; only its owner may read it: a URL can hold a password.

    Raises:
        UserError: `.env` cannot be read or names no warehouse, or the folder has a name
            that dbt, dlt and Postgres's own commands do not quote.
    """
    if found := set(str(Path.cwd())) & UNQUOTED:
        raise UserError(
            f"the folder {Path.cwd()} has {' '.join(sorted(found))} in its path, which "
            "dbt and others trip over: move the project to another folder"
        )
    url = read_env_file(ENV_FILE).get("WAREHOUSE_URL") or DEFAULT_WAREHOUSE_URL
    example = EXAMPLE_FILE.read_text(encoding="utf-8")
    profile = yaml.safe_load(example.replace(DEFAULT_WAREHOUSE_URL, _escaped(url)))
    if is_spark(url) and not find_spec("dbt.adapters.spark"):
        raise UserError(f"WAREHOUSE_URL names Spark: dbt-spark is {NOT_INSTALLED}")
    if not is_duckdb(url) and not is_spark(url):
        (outputs,) = (one["outputs"] for one in profile.values())
        outputs["postgres"] |= {
            name: f"{{{{ '{_escaped(part)}' }}}}" if isinstance(part, str) else part
            for name, part in credentials(url).items()
        }
    unfinished = PROFILE_FILE.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(yaml.safe_dump(profile, sort_keys=False), encoding="utf-8")
    unfinished.replace(PROFILE_FILE)


def credentials(url: str) -> dict[str, Any]:
    """Return what a Postgres URL says, by dbt's names; None of what it leaves open.

    Raises:
        UserError: dbt cannot be told all of it.
    """
    parts = dict.fromkeys(OPTIONS_OF_DBT) | postgres_parts(url)
    port = parts["port"] or os.environ.get("PGPORT") or 5432
    return {
        "database": parts.pop("dbname"),
        **parts,
        "password": parts["password"] or "",  # libpq looks elsewhere then
        "port": int(port),
        "connect_timeout": int(parts["connect_timeout"]),
    }


def _escaped(text: str) -> str:
    """Return a text as it stands between single quotes in Jinja."""
    return text.replace("\\", r"\\").replace("'", r"\'")


def show_plugin(packages: Path) -> None:
    """Let what runs from a folder of packages, as dbt does, find our modules.

    Raises:
        UserError: the folder cannot be written.
    """
    path_file = packages / "growth_warehouse.pth"
    try:
        if not path_file.exists() or path_file.read_text() != f"{PROJECT}\n":
            path_file.write_text(f"{PROJECT}\n")
    except OSError as error:
        raise UserError(
            f"{path_file} cannot be written ({error.strerror}), so dbt does not find "
            "dbt_one_writer.py: check the rights of the folder"
        ) from error


def close_env_file() -> None:
    """Let only its owner read `.env`, which holds passwords; tell if others could."""
    if not ENV_FILE.exists() or not ENV_FILE.stat().st_mode & OTHERS:
        return
    told = "others could read .env, which holds passwords: it is mode 600 now"
    try:
        ENV_FILE.chmod(0o600)
    except OSError:
        told = "others can read .env, which holds passwords: let its owner chmod 600 it"
    sys.stderr.write(f"{told}\n")


@command
def main() -> int:
    """Write the profile, and where dbt finds the plugin; return the exit code."""
    close_env_file()
    write_profile()
    show_plugin(Path(sysconfig.get_path("purelib")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
