"""What a command is at, told on standard error, so that it is never silent for long.

    doing("neon: offers", done=1, of=9)

On a terminal a bar shows it until the next output; elsewhere a line now and then. A
command of `warehouse.console` that never says what it is at shows neither.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from time import perf_counter

SECONDS_OF_SILENCE = 12  # after which a line says that it goes on
SECONDS_UNTIL_BAR = 1  # after other output
SECONDS_BETWEEN_LOOKS = 0.5
BAR = 20  # signs
ERASE = "\r\x1b[K"


class Progress:
    """What one command is at, and when it last wrote anything."""

    def __init__(self) -> None:
        """Say nothing yet."""
        self.what, self.done, self.of = "", 0, 0
        self.began_at = self.wrote_at = perf_counter()
        self.process = os.getpid()
        self.has_bar = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.is_drawn, self.is_line_ended = False, True
        self.lock, self.is_over = Lock(), Event()

    def watch(self) -> None:
        """Tell what it is at as long as it writes nothing else, until it is over."""
        while not self.is_over.wait(SECONDS_BETWEEN_LOOKS):
            silence = perf_counter() - self.wrote_at
            if not self.is_line_ended:
                continue  # a question, or a bar of its own
            if self.has_bar and (self.is_drawn or silence >= SECONDS_UNTIL_BAR):
                self.draw()
            elif not self.has_bar and silence >= SECONDS_OF_SILENCE:
                sys.stderr.write(f"{self}\n")

    def draw(self) -> None:
        """Show the bar in the last line of the terminal."""
        width = shutil.get_terminal_size().columns - 1
        with self.lock:
            if self.is_over.is_set():
                return
            self.is_drawn = True
            bar = ""
            if self.of:
                full = min(BAR, BAR * self.done // self.of)
                bar = f"[{'#' * full}{'.' * (BAR - full)}] "
            _write_to_terminal(f"{ERASE}{f'{bar}{self}'[:width]}")

    def hear(self, content: bytes) -> None:
        """Make way for something that is about to be written."""
        if self.process != os.getpid():
            return  # a fork, which has no bar
        with self.lock:
            if self.is_drawn:
                _write_to_terminal(ERASE)
            self.is_drawn = False
            self.wrote_at = perf_counter()
            self.is_line_ended = bytes(content[-1:]) in (b"\n", b"\r")

    def end(self) -> None:
        """Take the bar away for good."""
        self.is_over.set()
        self.hear(b"\n")

    def __str__(self) -> str:
        """Return what it is at, in one line."""
        seconds = perf_counter() - self.began_at
        parts = f"{self.done:,} of {self.of:,}: " if self.of else ""
        return f"{seconds:>4,.0f} s  {parts}{self.what}"


_current: Progress | None = None


@contextmanager
def progress() -> Iterator[None]:
    """Let `doing` show what this process is at, until this ends."""
    global _current
    outer, _current = _current, Progress()
    try:
        yield
    finally:
        _current.end()
        _current = outer


def doing(what: str, done: int = 0, of: int = 0) -> None:
    """Say what a command is at.

    Args:
        what: In a few words; nothing personal.
        done: How many parts of all are done.
        of: How many there are, if that is known.
    """
    if _current is None:
        return  # a function of ours that no command called
    is_first = not _current.what
    _current.what, _current.done, _current.of = what, done, of
    if is_first:
        Thread(target=_current.watch, daemon=True).start()


def told(part: str, seconds: float, what: str) -> None:
    """Write a line that stays, of a part that has ended."""
    sys.stderr.write(f"{seconds:>4,.0f} s  {part:<14}{what}\n")


def hear(content: bytes) -> None:
    """Make way for something that is about to be written."""
    if _current is not None:
        _current.hear(content)


def _write_to_terminal(text: str) -> None:
    # past the stream of Python, which would take it for output
    with suppress(OSError):  # the terminal was closed, which stops no command
        os.write(sys.stderr.fileno(), text.encode())
