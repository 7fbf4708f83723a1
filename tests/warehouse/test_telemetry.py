"""What commands record of themselves, and that recording never stops one."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from warehouse import telemetry
from warehouse.console import command
from warehouse.errors import UserError

NAME = {"command": "tests.warehouse.test_telemetry"}


@pytest.fixture(autouse=True)
def recording(working_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEMETRY", "on")
    monkeypatch.setenv(telemetry.RUN_ID, "night-7")


def written() -> list[dict]:
    """Return the samples in the file of today."""
    [file] = telemetry.DIRECTORY.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_command_leaves_what_it_measured() -> None:
    @telemetry.timed("lift.compute", step="means")
    def compute() -> None:
        telemetry.count("lift.retries", 2)
        telemetry.count("lift.retries")

    @command
    def main() -> int:
        compute()
        with pytest.raises(ValueError), telemetry.timed("lift.compute", step="pool"):
            raise ValueError
        return 0

    began = datetime.now(UTC)
    assert main() == 0
    samples = written()
    assert [(sample["metric"], sample["tags"]) for sample in samples] == [
        ("lift.compute", {"status": "success", "step": "means"}),
        ("lift.compute", {"status": "failure", "step": "pool"}),
        ("command.seconds", {**NAME, "status": "success"}),
        ("command.peak_memory", {**NAME, "status": "success"}),
        ("lift.retries", {}),
    ]
    assert samples[-1]["value"] == 3, "what was added to a counter is one sample"
    assert samples[2]["value"] >= samples[0]["value"] > 0, "seconds"
    assert samples[3]["value"] > 10_000_000, "bytes"
    for sample in samples:
        assert sample["run_id"] == "night-7"
        moment = datetime.fromisoformat(sample["observed_at"])
        assert began <= moment <= datetime.now(UTC)


def test_a_crash_is_recorded() -> None:
    with pytest.raises(ZeroDivisionError):
        command(lambda: 1 // 0)()
    assert [sample["tags"]["status"] for sample in written()] == ["failure"] * 2


def test_half_a_line_spoils_no_other() -> None:
    telemetry.count("lift.retries")
    telemetry.write()
    [file] = telemetry.DIRECTORY.iterdir()
    with file.open("ab") as cut_off:
        cut_off.write(b'{"metric": "li')
    telemetry.count("lift.retries")
    telemetry.write()
    first, half, second = file.read_bytes().splitlines()
    assert half == b'{"metric": "li'
    assert json.loads(first)["value"] == json.loads(second)["value"] == 1


def test_a_command_that_fails_is_recorded_after_the_others() -> None:
    @command
    def main() -> int:
        raise UserError("a mistake")

    assert [main(), main()] == [1, 1]
    assert [sample["tags"]["status"] for sample in written()] == ["failure"] * 4


def test_no_thread_loses_what_another_counts() -> None:
    def add(_: int) -> None:
        for _ in range(500):
            telemetry.count("lift.retries")

    with ThreadPoolExecutor(8) as executor:
        adding = [executor.submit(add, number) for number in range(8)]
        while not all(one.done() for one in adding):
            telemetry.write()
    telemetry.write()
    assert sum(sample["value"] for sample in written()) == 4000


def test_what_cannot_be_written_stops_no_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("logs").write_text("not a folder")
    assert command(lambda: 0)() == 0
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("this command is not recorded: logs/telemetry does not")
    assert "TELEMETRY=off" in line


def test_off_records_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELEMETRY", "off")
    assert command(lambda: 0)() == 0
    assert not Path("logs").exists()
    assert capsys.readouterr().err == ""


def test_what_a_command_starts_is_of_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(telemetry.RUN_ID)
    assert telemetry.run_id() == telemetry.run_id() == os.environ[telemetry.RUN_ID]
