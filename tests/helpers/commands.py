"""The project's commands as a user runs them, but for the seconds their imports take.

Each runs in a process of its own, forked from one that has imported them.
"""

import fcntl
import importlib
import logging
import multiprocessing
import os
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Mapping
from contextlib import chdir, suppress
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread

from tests.conftest import REPOSITORY

FORKS = multiprocessing.get_context("forkserver")
IMPORTED = [
    "loaders.__main__",
    "steps.erase.__main__",
    "steps.lift",
    "steps.night.__main__",
    "steps.publish.__main__",
    "steps.report.files",
]
FORKS.set_forkserver_preload(IMPORTED)


def preload(module: str) -> None:
    """Let the server import one more module, before it starts."""
    IMPORTED.append(module)
    FORKS.set_forkserver_preload(IMPORTED)


def run_module(
    module: str, *arguments: str, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `python -m` in a folder, and keep what it prints."""
    with tempfile.TemporaryDirectory() as outputs:
        paths = Path(outputs, "stdout"), Path(outputs, "stderr")
        process = start_module(
            *(module, *arguments), folder=folder, environment=environment, outputs=paths
        )
        process.join()
        printed = [path.read_text(encoding="utf-8") for path in paths]
    return subprocess.CompletedProcess(module, process.exitcode, *printed)


def run_in_terminal(
    width: int, module: str, *arguments: str, folder: Path, environment: dict[str, str]
) -> str:
    """Run `python -m` in a folder, in a terminal; return what that was sent."""
    ours, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    sent: list[bytes] = []

    def read() -> None:
        with suppress(OSError):  # once nobody has it open
            while content := os.read(ours, 65_536):
                sent.append(content)

    reader = Thread(target=read)
    reader.start()
    environment = {"TERM": "xterm"} | environment
    environment.pop("COLUMNS", None)
    outputs = (Path(os.ttyname(terminal)),) * 2
    start_module(
        *(module, *arguments), folder=folder, environment=environment, outputs=outputs
    ).join()
    os.close(terminal)
    reader.join()
    os.close(ours)
    return b"".join(sent).decode()


def start_module(
    module: str,
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    outputs: tuple[Path, Path],
) -> BaseProcess:
    """Start `python -m` in a folder; what it prints goes to two files."""
    with chdir(REPOSITORY):  # where the server, once it starts, finds the modules
        forkserver.ensure_running()
    process = FORKS.Process(
        target=_run, args=(module, arguments, folder, dict(environment), outputs)
    )
    process.start()
    return process


def _run(
    module: str,
    arguments: tuple[str, ...],
    folder: Path,
    environment: dict[str, str],
    paths: tuple[Path, Path],
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, path in enumerate(paths, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    # a new process has none; what dbt set up while it parsed is not the command's
    logging.getLogger().handlers.clear()
    sys.argv = [module, *arguments]
    sys.exit(importlib.import_module(f"{module}.__main__").main())
