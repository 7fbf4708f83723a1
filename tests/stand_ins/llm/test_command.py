import sys

import pytest

from stand_ins.llm.__main__ import main

ASK = (
    "import os, requests; print(requests.post("
    "os.environ['LLM_BASE_URL'] + '/chat/completions', timeout=9).status_code)"
)


def test_a_command_runs_with_the_stand_in_and_its_faults(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    faults = ["--fault", "500"]
    command = [sys.executable, "-c", f"{ASK}; {ASK}; raise SystemExit(3)"]
    monkeypatch.setattr(sys, "argv", ["stand_ins.llm", *faults, *command])
    assert main() == 3
    assert capfd.readouterr().out.split() == ["500", "401"]
