"""Versions that hold somebody who was erased since: no other gets their name."""

import re
from pathlib import Path

LIST = "TO_DESTROY.md"
LINE = re.compile(r"^\| (\S*version=\S+) \|", re.MULTILINE)


def listed(folder: Path) -> set[Path]:
    """Return the versions that are listed in the folder of the exports."""
    path = folder / LIST
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {folder / name for name in LINE.findall(text)}


def next_name(dataset_folder: Path, name: str, destroyed: set[Path]) -> str:
    """Return the name of a version, with a number if others of it are listed."""
    number, free = 1, name
    while dataset_folder / f"version={free}" in destroyed:
        number += 1
        free = f"{name}.{number}"
    return free
