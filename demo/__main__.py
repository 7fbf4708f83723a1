"""`python -m demo`: invent a world of people and pushes, once."""

import argparse
import sys
from dataclasses import fields
from pathlib import Path

from demo.sources import DIRECTORY, create_world
from demo.world import Scale
from warehouse.console import command
from warehouse.errors import UserError


def parse_arguments() -> argparse.Namespace:
    """Read the command line; what is not named keeps the default scale."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    for part in fields(Scale):
        parser.add_argument(f"--{part.name}", type=int, default=part.default)
    parser.add_argument("--directory", type=Path, default=DIRECTORY)
    return parser.parse_args()


@command
def main() -> int:
    """Run the command; return its exit code."""
    arguments = parse_arguments()
    try:
        scale = Scale(
            **{part.name: getattr(arguments, part.name) for part in fields(Scale)}
        )
    except ValueError as error:
        raise UserError(str(error)) from None
    create_world(arguments.directory, scale)
    sys.stdout.write(
        f"demo world in {arguments.directory}: {scale.users} users, {scale.days} days, "
        f"{scale.campaigns} campaigns, seed {scale.seed}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
