"""What a command says it is at: a bar on a terminal, else a line now and then."""

import os
import sys

import pytest

from warehouse import progress
from warehouse.progress import ERASE, doing, hear


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECONDS_OF_SILENCE", "SECONDS_UNTIL_BAR"):
        monkeypatch.setattr(progress, name, 0)
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.01)


def test_a_pipe_is_never_silent_for_long(capsys: pytest.CaptureFixture[str]) -> None:
    told = ""
    with progress.progress():
        doing("neon: offers", done=1, of=4)
        while told.count("\n") < 2:
            told += capsys.readouterr().err
    assert [line.split("s  ")[1] for line in told.splitlines()[:2]] == [
        "1 of 4: neon: offers"
    ] * 2
    assert told.isascii() and "\r" not in told and "\x1b" not in told


def test_a_bar_makes_way_for_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, theirs = os.openpty()
    monkeypatch.setenv("TERM", "xterm")
    sent = b""
    with os.fdopen(theirs, "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        with progress.progress():
            doing("neon: offers", done=1, of=4)
            while b"1 of 4" not in sent:
                sent += os.read(terminal, 4096)
            assert b"[#####...............]    0 s  1 of 4: neon: offers" in sent
            hear(b"Who are you? ")  # a question stays as it is
            os.write(sys.stderr.fileno(), b"Who are you? ")
            while not sent.endswith(b"Who are you? "):
                sent += os.read(terminal, 4096)
    os.close(terminal)
    assert sent.endswith(f"{ERASE}Who are you? ".encode())


def test_a_terminal_that_is_closed_stops_no_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal, theirs = os.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(theirs, "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        with progress.progress():
            doing("neon: offers")
            os.read(terminal, 4096)
            os.close(terminal)
            hear(b"a line\n")


def test_what_says_nothing_of_itself_shows_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    doing("a function that no command called")
    with progress.progress():
        hear(b"")
    assert capsys.readouterr().err == ""
