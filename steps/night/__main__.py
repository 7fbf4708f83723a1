"""The night: `python -m steps.night`.

Data flow: the sources -> the warehouse -> what readers see, the folders reports/ and
exports/, and reports/night.md, which says what became of it. Exit code 0 if all is
well, 1 if something failed, 2 for a wrong command line.
"""

import argparse
import os
import sys

from steps.night.night import Night
from steps.night.page import FILE, page
from steps.night.stages import REPORT, SUMMARY
from warehouse.console import command
from warehouse.files import write_whole
from warehouse.one_writer import one_writer
from warehouse.settings import read_settings
from warehouse.telemetry import RUN_ID


@command
def main() -> int:
    """Run the night of the warehouse of the environment; return the exit code."""
    argparse.ArgumentParser(
        prog="python -m steps.night",
        description="Load, build, test, publish, report, export and summarise; "
        "once cut off, go on where it stopped.",
    ).parse_args()
    settings = read_settings()
    with one_writer(settings.warehouse_url, "night") as token:
        night = Night.begin(settings, token)
        os.environ[RUN_ID] = f"night-{night.number}"
        for stage in night.to_run:
            if stage in (REPORT, SUMMARY):  # they say how the night went so far
                write_whole(FILE, [page(night)])
            night.run(stage)
        text = page(night)
        sys.stdout.write(text)
        write_whole(FILE, [text])
        sys.stdout.write(f"\n{FILE}\n")
    return 0 if night.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
