"""What all commands have in common: how they write, end, and are recorded."""

import io
import os
import shutil
import sys
import textwrap
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from time import perf_counter
from typing import ParamSpec

from rich.console import Console

from warehouse import telemetry
from warehouse.errors import ENGINE_ERRORS, UserError, explained
from warehouse.progress import hear, progress

Arguments = ParamSpec("Arguments")
INTERRUPTED = 130
UNLIMITED_WIDTH = 1000
STDERR = 2


class _UnreadOutput(io.FileIO):
    """Output that takes what nobody reads any more, as of `make report | head -1`."""

    is_full = False

    def write(self, content: bytes) -> int:
        """Write, or drop it if the pipe is closed.

        Raises:
            UserError: the device is full; told once, and of errors never.
        """
        hear(content)
        try:
            return super().write(content)
        except BrokenPipeError:
            return len(content)
        except OSError as error:
            if self.is_full or self.fileno() == STDERR:
                return len(content)
            self.is_full = True
            raise UserError(
                f"the output cannot be written: {error.strerror}; write it elsewhere"
            ) from error


def command(main: Callable[Arguments, int]) -> Callable[Arguments, int]:
    """Let a command end in one line and an exit code, whatever happens, and record it.

    A mistake of the user is one line, and so is Ctrl-C, or what an engine says. With a
    closed pipe it goes on, as if all were read.
    """

    @wraps(main)
    def ended(*args: Arguments.args, **kwargs: Arguments.kwargs) -> int:
        write_patiently()
        started = perf_counter()
        try:
            with progress():
                code = _ended(main, *args, **kwargs)
        except Exception:  # nobody foresaw it, so that it is all the more to be told
            telemetry.write_command(_name(main), perf_counter() - started, code=1)
            raise
        telemetry.write_command(_name(main), perf_counter() - started, code)
        return code

    return ended


def write_patiently() -> None:
    """Let this process write on where nobody reads any more, and beside its bar."""
    sys.stdout, sys.stderr = map(_patient, (sys.stdout, sys.stderr))


def text_console() -> Console:
    """Return where other people's text is printed: no markup, no emoji codes.

    On a terminal lines fit it; elsewhere they stay whole.
    """
    console = Console(file=sys.stdout, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = UNLIMITED_WIDTH
    return console


def fitted(text: str, stream: io.TextIOBase) -> str:
    """Break long lines between words for a terminal; elsewhere they stay whole."""
    if not stream.isatty():
        return text
    wrapper = textwrap.TextWrapper(
        shutil.get_terminal_size().columns,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(wrapper.fill(line) for line in text.splitlines())


def write_line(text: str) -> None:
    """Write what a command did."""
    sys.stdout.write(f"{fitted(text, sys.stdout)}\n")


def write_error(text: str) -> None:
    """Write what went wrong as a line of its own."""
    sys.stderr.write(f"{fitted(f'error: {text}', sys.stderr)}\n")


def _ended(
    main: Callable[Arguments, int], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> int:
    try:
        code = main(*args, **kwargs)
        sys.stdout.flush()
        return code
    except UserError as error:
        write_error(f"{error}")
        return 1
    except ENGINE_ERRORS as error:
        told = explained(error, "run it again, or `make build` before")
        write_error(f"the warehouse fails: {told}")
        return 1
    except KeyboardInterrupt:
        write_error("interrupted: run it again for the rest")
        return INTERRUPTED


def _name(main: Callable[Arguments, int]) -> str:
    """Return what a command is called after `python -m`."""
    module = main.__globals__["__spec__"].name
    return module.removesuffix(".__main__")


def _patient(stream: io.TextIOBase | None) -> io.TextIOBase:
    """Return a stream to the same file that survives a closed pipe, or none at all."""
    if stream is None:  # the shell closed it: `>&-`
        return Path(os.devnull).open("w")
    if stream not in (sys.__stdout__, sys.__stderr__):
        return stream  # a test's, which is no pipe
    stream.flush()
    raw = _UnreadOutput(stream.fileno(), "wb", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        stream.encoding,
        stream.errors,
        line_buffering=True,
    )
