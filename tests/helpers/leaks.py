"""Whether a personal value of the demo's world stands where it must not."""

import os
import subprocess
from pathlib import Path

from demo.files import PERSONAL_VALUES


def leaked_values(world: Path, content: bytes) -> set[str]:
    """Return the personal values of a world that occur in the content of a file.

    `grep` searches for thousands at once. Of values that overlap it tells one.
    """
    found = subprocess.run(
        ("grep", "--text", "--only-matching", "-F", "-f", world / PERSONAL_VALUES),
        input=content,
        env={**os.environ, "LC_ALL": "C"},  # bytes, not characters
        stdout=subprocess.PIPE,
        check=False,
    )
    assert found.returncode in (0, 1), "1: nothing is found"
    return set(found.stdout.decode().splitlines())
