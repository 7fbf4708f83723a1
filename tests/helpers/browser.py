"""A headless Chromium without a network, told what to do over its debugging pipe."""

import json
import os
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))),
    None,
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: install chromium or google-chrome"
)
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)
PATIENCE = 1200
KEYS = {"Enter": 13, "ArrowDown": 40}


class Browser:
    """One open page. Chromium reads commands at descriptor 3 and answers at 4."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = os.fdopen(commands, "wb", buffering=0)
        self._answers = os.fdopen(answers, "rb")
        self._number = 0
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def call(self, method: str, **parameters: object) -> dict:
        """Send a command; return what it answers."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        self._commands.write(json.dumps(command).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, page: Path) -> None:
        """Open a file and wait until it is loaded."""
        self.call("Page.navigate", url=page.as_uri())
        self.wait_for("document.readyState === 'complete'")

    def show(self, width: int, scheme: str = "light", medium: str = "screen") -> None:
        """Set the width of the window, the theme, and the medium."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", media=medium, features=[feature])

    def evaluate(self, expression: str) -> object:
        """Run a script of the test, not of the page; return its value."""
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until a script of the test says yes, for a minute."""
        for _ in range(PATIENCE):
            if self.evaluate(f"Boolean({expression})"):
                return
            time.sleep(0.05)
        raise AssertionError(f"never came true: {expression}")

    def press(self, key: str) -> None:
        """Press a key of the keyboard."""
        text = "\r" if key == "Enter" else ""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                text=text if kind == "keyDown" else "",
                windowsVirtualKeyCode=KEYS[key],
            )

    def violations(self) -> list[str]:
        """Return what axe-core finds: rules, each with an element that breaks it."""
        axe = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
        return self.evaluate(
            f"{axe}; axe.run().then(({{ violations }}) => violations.map("
            "({ id, nodes }) => `${id}: ${nodes[0].html}`))"
        )

    def screenshot(self, path: Path) -> None:
        """Take a picture of the whole page."""
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(b64decode(answer["data"]))

    def _next(self) -> dict:
        """Read the next answer or event, which ends with a null byte."""
        message = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "Chromium has ended"
            message += byte
        return json.loads(message)


@contextmanager
def open_browser(profile: Path) -> Iterator[Browser]:
    """Start Chromium, and end it afterwards.

    Args:
        profile: A folder for what it keeps.
    """
    for_it, commands = os.pipe()
    answers, of_it = os.pipe()

    def connect() -> None:
        # a pipe may be one of the two numbers that are about to be taken
        mine = [os.dup(for_it), os.dup(of_it)]
        while min(mine) < 5:
            mine = [os.dup(one) for one in mine]
        for number, pipe in zip((3, 4), mine, strict=True):
            os.dup2(pipe, number)

    process = subprocess.Popen(
        [CHROMIUM, *OPTIONS, f"--user-data-dir={profile}"],
        pass_fds=(3, 4),
        preexec_fn=connect,  # noqa: PLW1509
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(for_it)
    os.close(of_it)
    try:
        yield Browser(commands, answers)
    finally:
        process.kill()
        process.wait()
