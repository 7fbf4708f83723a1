"""An endpoint that is no language model: it serves a command, or until interrupted."""

import argparse
import os
import subprocess
import sys
import threading

from stand_ins.llm import StandIn
from stand_ins.llm.faults import NAMED
from warehouse.console import command

BUDGET = "10"  # of money that nobody pays


@command
def main() -> int:
    """Start the server; tell its address, or run a command with it."""
    parser = argparse.ArgumentParser(
        prog="python -m stand_ins.llm", description=__doc__
    )
    add = parser.add_argument
    add("--port", type=int, default=0, help="default: a free one")
    add("--latency", type=float, default=0, help="seconds until each answer")
    add(
        "--fault",
        action="append",
        default=[],
        choices=["none", *NAMED],
        help="on the first request, or the next if there are several",
    )
    add(
        "command",
        nargs=argparse.REMAINDER,
        help="run this with LLM_* set, and end with it",
    )
    arguments = parser.parse_args()
    try:
        stand_in = StandIn(port=arguments.port, latency=arguments.latency)
    except (OSError, OverflowError) as error:
        parser.error(str(error))
    stand_in.faults.extend(NAMED.get(name) for name in arguments.fault)
    with stand_in:
        address = stand_in.address
        settings = {
            "LLM_BASE_URL": address.base_url,
            "LLM_API_KEY": address.api_key,
            "LLM_MODEL": address.model,
            "LLM_BUDGET": BUDGET,
        }
        if arguments.command:
            environment = os.environ | settings
            return subprocess.run(  # noqa: S603 - as the user wrote it
                arguments.command, env=environment, check=False
            ).returncode
        for name, value in settings.items():
            sys.stdout.write(f"{name}={value}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
