"""Serve a stand-in until it is interrupted: `python -m demo.posthog --port 8010`."""

import argparse
import sys
from pathlib import Path

from demo.posthog import StandIn, Store, world_clock


def main() -> None:
    """Start the server and tell its address."""
    parser = argparse.ArgumentParser(prog="python -m demo.posthog", description=__doc__)
    parser.add_argument(
        "--directory", type=Path, help="a world's Parquet files; default: no events"
    )
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    arguments = parser.parse_args()
    store = Store()
    if arguments.directory:
        store.load_world(arguments.directory)
    stand_in = StandIn(store, world_clock(store), port=arguments.port)
    address = stand_in.address
    sys.stdout.write(
        f"POSTHOG_HOST={address.host}\n"
        f"POSTHOG_PROJECT_ID={address.project_id}\n"
        f"POSTHOG_API_KEY={address.api_key}\n"
        f"# capture: POST {address.host}/batch/ with api_key {address.project_token}\n"
    )
    sys.stdout.flush()
    try:
        stand_in.server.serve_forever()
    except KeyboardInterrupt:
        stand_in.server.server_close()


if __name__ == "__main__":
    main()
