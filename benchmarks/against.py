"""A benchmark at another commit, then here: `python -m benchmarks.against COMMIT lift`.

Both run one after the other with the same interpreter and libraries; what follows the
name of the benchmark are its own options.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.console import command
from warehouse.errors import UserError

REPOSITORY = Path(__file__).parents[1]


def check_out(commit: str, folder: str) -> None:
    """Copy the files of a commit into a folder.

    Raises:
        UserError: git knows no such commit.
    """
    archive = subprocess.run(  # noqa: S603 - what the user asks for
        ["git", "archive", commit],  # noqa: S607
        cwd=REPOSITORY,
        capture_output=True,
    )
    if archive.returncode:
        raise UserError(
            f"git does not know the commit {commit}: name one that `git log` shows"
        )
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)  # noqa: S603, S607


@command
def main() -> int:
    """Run both; return the exit code of the first that fails, or 0."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], allow_abbrev=False
    )
    parser.add_argument("commit")
    parser.add_argument("benchmark", help="a module of this package, such as lift")
    asked, options = parser.parse_known_args()
    with TemporaryDirectory() as folder:
        check_out(asked.commit, folder)
        for name, place in ((asked.commit, Path(folder)), ("here", REPOSITORY)):
            sys.stdout.write(f"\n{asked.benchmark}, {name}\n")
            sys.stdout.flush()
            run = subprocess.run(  # noqa: S603 - what the user asks for
                [sys.executable, "-m", f"benchmarks.{asked.benchmark}", *options],
                cwd=place,
            )
            if run.returncode:
                return run.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
