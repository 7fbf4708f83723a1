import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ENGINES, REPOSITORY, execute
from warehouse.errors import UserError
from warehouse.one_writer import LOCK, TOKEN, one_writer
from warehouse.profile import show_plugin

HOLD = """
import sys, time
from warehouse.one_writer import one_writer
with one_writer(sys.argv[1], "load"):
    print("held", flush=True)
    time.sleep(60)
"""
HAND_ON = """
import os, subprocess, sys
from warehouse.one_writer import TOKEN, one_writer
url, code = sys.argv[1:]
with one_writer(url, "night") as token:
    subprocess.run([sys.executable, "-c", code, url], env=os.environ | {TOKEN: token})
"""
on_both_engines = pytest.mark.parametrize(
    "engine", [ENGINES[0], pytest.param(ENGINES[1], marks=pytest.mark.slow)]
)


@contextmanager
def held_elsewhere(url: str) -> Iterator[subprocess.Popen]:
    """Let another process hold the lock, until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@on_both_engines
def test_the_second_writer_is_told_who_the_first_is(
    engine: str, new_warehouse: Callable
) -> None:
    url = new_warehouse(engine)
    with held_elsewhere(url) as holder:
        with pytest.raises(UserError) as refused, one_writer(url, "publish"):
            pass
        assert re.fullmatch(
            rf"the warehouse is in use: load on \S+, process {holder.pid}, since "
            r"\d{4}-\d\d-\d\dT\d\d:\d\dZ: wait until it ends",
            str(refused.value),
        )


def test_the_writers_of_a_lake_exclude_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKE_URL", str(tmp_path / "lake"))
    url = "sc://spark.example"  # the lock needs no server
    with held_elsewhere(url) as holder:
        told = rf"load on \S+, process {holder.pid}, since .*: wait until it ends"
        with pytest.raises(UserError, match=told), one_writer(url, "load"):
            pass
    with one_writer(url, "load"):
        pass


@on_both_engines
def test_a_writer_that_is_killed_frees_the_lock(
    engine: str, new_warehouse: Callable
) -> None:
    url = new_warehouse(engine)
    with held_elsewhere(url) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with one_writer(url, "publish"):
            pass
    with one_writer(url, "publish"):
        pass


@on_both_engines
def test_the_commands_of_a_holder_pass(
    engine: str, new_warehouse: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_warehouse(engine)
    with one_writer(url, "night") as token:
        monkeypatch.setenv(TOKEN, token)
        with one_writer(url, "load") as passed_on:
            assert passed_on == token
        monkeypatch.setenv(TOKEN, "another")
        with pytest.raises(UserError, match="night"), one_writer(url, "load"):
            pass


@on_both_engines
def test_the_commands_of_a_holder_end_with_it(
    engine: str, new_warehouse: Callable
) -> None:
    url = new_warehouse(engine)
    with subprocess.Popen(
        [sys.executable, "-c", HAND_ON, url, HOLD],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        holder.kill()
        assert holder.stderr.read() == (  # of its command, until that ends
            "error: the command that holds the lock of the warehouse is gone: run it "
            "again\n"
        )
    with one_writer(url, "load"):
        pass


def test_one_file_has_one_lock_whatever_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to("real")
    with (
        one_writer(f"duckdb:///{tmp_path}/real/w.duckdb", "load"),
        pytest.raises(UserError, match="in use"),
        one_writer(f"duckdb:///{tmp_path}/linked/w.duckdb", "load"),
    ):
        pass


@pytest.mark.slow
def test_the_loss_of_the_lock_ends_its_holder(new_warehouse: Callable) -> None:
    url = new_warehouse("postgres")
    with held_elsewhere(url) as holder:
        execute(
            url,
            "select pg_terminate_backend(pid) from pg_locks "
            f"where locktype = 'advisory' and objid = {LOCK}",
        )
        assert holder.wait(timeout=20) == 1
        assert holder.stderr.read() == (
            "error: the warehouse closed the connection that holds the lock: run it "
            "again\n"
        )


def test_dbt_is_shown_where_its_plugin_is(tmp_path: Path) -> None:
    show_plugin(tmp_path)
    found = subprocess.run(
        [
            *(sys.executable, "-c"),
            "import site, sys, importlib.util; site.addsitedir(sys.argv[1]); "
            "print(importlib.util.find_spec('dbt_one_writer').origin)",
            tmp_path,
        ],
        cwd=tmp_path,
        env={name: os.environ[name] for name in os.environ if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert Path(found.strip()) == REPOSITORY / "dbt_one_writer.py"
