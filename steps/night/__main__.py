"""The night: `python -m steps.night`.

Data flow: the sources -> the warehouse -> what readers see, the folders reports/ and
exports/, and reports/night.md, which says what became of it. Exit code 0 if all is
well, 1 if something failed, 2 for a wrong command line.
"""

import argparse
import sys
from datetime import UTC, datetime

from steps.night.night import Night
from steps.night.resume import stages_to_run
from steps.night.stages import STAGES
from steps.night.summary import FILE, summary, write_summary
from warehouse.console import command
from warehouse.one_writer import one_writer
from warehouse.settings import read_settings


@command
def main() -> int:
    """Run the night of the warehouse of the environment; return the exit code."""
    argparse.ArgumentParser(
        prog="python -m steps.night",
        description="Load, build, test, publish, report and export; once cut off, "
        "go on where it stopped.",
    ).parse_args()
    settings = read_settings()
    with one_writer(settings.warehouse_url, "night") as token:
        night = Night.begin(settings, token)
        night.run()
        ended = list(night.stages.values())
        newest_load = ended[0].load_run
        left = stages_to_run(ended, night.code, newest_load, datetime.now(UTC))
        text = summary(night, None if left == STAGES else left[0].name)
        sys.stdout.write(text)
        write_summary(text)
        sys.stdout.write(f"\n{FILE}\n")
    return 0 if night.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
