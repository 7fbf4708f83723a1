"""Steps that only read: beside other readers, without rights, into a closed pipe."""

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import duckdb
import psycopg2
import pytest

from loaders.ledger import create_ledger
from steps.marts import open_marts
from tests.conftest import REPOSITORY, execute
from tests.steps.export.ai_warehouse import PEOPLE, write_manifest
from tests.steps.report.report_warehouse import write_report_warehouse
from warehouse.connection import connect
from warehouse.errors import UserError, root_cause

HOLD = """
import duckdb, sys
held = duckdb.connect({!r}, read_only={})
print(flush=True)
sys.stdin.read()
"""
READERS = {
    "steps.report.__main__": ["--unpublished"],
    "steps.export.__main__": ["--unpublished"],
    "steps.writeback.__main__": ["verdicts", "--unpublished"],
    "demo.compare": [],
}
COMMAND = re.compile(r"^@command\ndef main\(", re.MULTILINE)
COMMANDS = [
    path
    for folder in ("warehouse", "loaders", "steps", "stand_ins", "demo", "calibration")
    for path in sorted((REPOSITORY / folder).rglob("*.py"))
    if 'if __name__ == "__main__"' in path.read_text(encoding="utf-8")
]


@contextmanager
def held(file: Path, read_only: bool) -> Iterator[subprocess.Popen]:
    """Let another process hold a DuckDB file."""
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD.format(str(file), read_only),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        yield process
        process.stdin.close()


@pytest.fixture
def error_of(
    working_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., str]:
    """Give a function that runs a step which fails, and returns its one line."""
    write_manifest(working_directory, {"ai_people": PEOPLE})

    def run(module: str, *arguments: str) -> str:
        monkeypatch.setenv("WAREHOUSE_URL", "duckdb:///warehouse.duckdb")
        monkeypatch.setattr(sys, "argv", [module, *arguments])
        assert importlib.import_module(module).main() == 1
        [line] = capsys.readouterr().err.splitlines()
        return line

    return run


@pytest.mark.parametrize("module", [*READERS, "calibration.__main__"])
def test_a_reader_needs_no_file_for_itself(module: str, error_of: Callable) -> None:
    file = Path("warehouse.duckdb")
    duckdb.connect(file).close()
    with held(file, read_only=True):
        line = error_of(module, *READERS.get(module, []))
    assert "the warehouse" in line, "it was read: it is empty"
    assert re.search("run `(dbt build|make build|make load)` first", line)
    with held(file, read_only=False) as writer:
        line = error_of(module, *READERS.get(module, []))
    assert f"process {writer.pid} has warehouse.duckdb open: wait until it" in line


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        *READERS.items(),
        ("steps.lift.__main__", []),
        ("steps.writeback.__main__", ["verdicts", "--send", "--unpublished"]),
    ],
)
def test_a_mistyped_file_is_not_made(
    module: str, arguments: list[str], error_of: Callable
) -> None:
    assert "there is no file warehouse.duckdb" in error_of(module, *arguments)
    assert not Path("warehouse.duckdb").exists()


def test_a_reader_cannot_write(new_database: Callable) -> None:
    with (
        connect(new_database(), is_read_only=True) as connection,
        connection.cursor() as cursor,
        pytest.raises(Exception, match="read-only transaction"),
    ):
        cursor.execute("create table mine (word text)")


def test_a_missing_right_is_told_with_its_role(new_database: Callable) -> None:
    url, role = new_database(), f"reader_{uuid4().hex}"
    write_report_warehouse(url, {})
    execute(url, f"create role {role} login")
    as_reader = url.replace("postgres:@", f"{role}:@")
    with pytest.raises(UserError) as told, open_marts(as_reader, True):
        pass
    assert f"the role {role} has no right to read" in str(told.value)
    assert "permission denied for schema" in str(told.value)
    execute(url, f"grant usage on schema core to {role}")
    denied = "permission denied for table dim_source_systems"
    with pytest.raises(UserError, match=denied), open_marts(as_reader, True):
        pass
    with connect(as_reader) as connection, pytest.raises(Exception) as denied:
        create_ledger(connection, "neon")
    line = root_cause("neon", denied.value)
    assert "WAREHOUSE_URL has no right to load: permission denied for database" in line
    with closing(psycopg2.connect(url)) as owner, owner:
        owner.cursor().execute(f"drop owned by {role}; drop role {role}")


def test_a_report_that_nobody_reads_on_is_written(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    write_report_warehouse(url, {})
    for_nobody, ours = os.pipe()
    os.close(for_nobody)
    completed = subprocess.run(
        [sys.executable, "-m", "steps.report", "--unpublished"],
        cwd=tmp_path,
        env=os.environ | {"WAREHOUSE_URL": url, "PYTHONPATH": str(REPOSITORY)},
        stdout=ours,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(ours)
    assert (completed.returncode, completed.stderr) == (0, b"")
    assert (tmp_path / "reports" / "pushes.html").exists()


@pytest.mark.parametrize(
    ("ending", "code", "told"),
    [
        (">&-", 0, ""),
        ("2>&-", 0, ""),
        (
            ">/dev/full",
            1,
            "error: the output cannot be written: No space left on device; "
            "write it elsewhere\n",
        ),
    ],
)
def test_output_that_goes_nowhere_ends_in_one_line(
    ending: str, code: int, told: str, tmp_path: Path
) -> None:
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    write_report_warehouse(url, {})
    completed = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m steps.report --unpublished {ending}"],
        cwd=tmp_path,
        env=os.environ | {"WAREHOUSE_URL": url, "PYTHONPATH": str(REPOSITORY)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    assert (completed.returncode, completed.stderr) == (code, told)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_every_command_ends_like_the_others(path: Path) -> None:
    assert COMMAND.search(path.read_text(encoding="utf-8"))
