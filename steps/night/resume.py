"""Where a night goes on: at its start, or where one like it was cut off.

What a machine broke off goes on: a kill, a full disk, a warehouse that was away. What
only other data or other code can mend begins anew: a source that failed, a red test.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from steps.night.journal import FAILED, SUCCESS, Recorded
from steps.night.stages import LOAD, STAGES, TEST, Stage
from warehouse.settings import VARIABLES, Settings

# One that is older is not this night: its load is yesterday's.
LONGEST_BREAK = timedelta(hours=12)
PROJECT = Path(__file__).parents[2]
CODE = (
    *("dbt_project.yml", "requirements.lock", "loaders/**/*.yml"),
    *(f"{folder}/**/*.py" for folder in ("loaders", "warehouse", "steps")),
    "lift_statistics/**/*.py",
    *(
        f"{folder}/**/*.{suffix}"
        for folder in ("models", "macros", "seeds", "snapshots", "tests")
        for suffix in ("sql", "yml", "csv")
    ),
)


def code_of(settings: Settings) -> str:
    """Return a hash of all that decides what a night makes of its sources."""
    code = hashlib.md5(usedforsecurity=False)
    code.update(" ".join(filter(settings.value, VARIABLES)).encode())
    for pattern in CODE:
        for file in sorted(PROJECT.glob(pattern)):
            code.update(f"{file.relative_to(PROJECT)}\n".encode())
            code.update(file.read_bytes())
    return code.hexdigest()


def stages_to_run(
    last: Sequence[Recorded], code: str, load_run: int, now: datetime
) -> tuple[Stage, ...]:
    """Return the stages of the last night from where it stopped, or all.

    Args:
        last: What is recorded of the last night.
        code: That of now.
        load_run: The newest load.
        now: The time.
    """
    stages = {one.stage: one for one in last}
    load, test = stages.get(LOAD.name), stages.get(TEST.name)
    missing = [
        number
        for number, stage in enumerate(STAGES)
        if stage.name not in stages or stages[stage.name].status != SUCCESS
    ]
    goes_on = (
        missing
        and load is not None
        and load.status == SUCCESS
        and load.load_run == load_run
        and (test is None or test.status != FAILED)
        and {one.code for one in last} == {code}
        and timedelta(0) <= now - load.started_at <= LONGEST_BREAK
    )
    return STAGES[missing[0] :] if goes_on else STAGES
