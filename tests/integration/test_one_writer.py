import signal
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import Warehouse
from warehouse.one_writer import HOLDER, Writer

RUN = ("dbt", "run", "--quiet", "--full-refresh", "--select", "int_push_matched_cells")
CELLS = "select count(*) as cells from intermediate.int_push_matched_cells"
SECONDS_TO_START = 120


def holder(warehouse: Warehouse) -> Writer:
    """Return who holds the lock, or held it last."""
    if warehouse.url.startswith("duckdb"):
        lock = warehouse.folder / "warehouse.duckdb.lock"
        return Writer.parse(lock.read_text() if lock.exists() else "")
    return Writer.parse(
        "".join(row["application_name"] for row in warehouse.rows(HOLDER))
    )


def test_dbt_takes_no_more_memory_than_it_may(copy: Callable) -> None:
    copied = copy("duckdb")
    limited = replace(
        copied, environment=copied.environment | {"WAREHOUSE_MEMORY": "640MiB"}
    )
    told = limited.run(
        "dbt", "show", "--inline", "select current_setting('memory_limit') as allowed"
    )
    assert "640.0 MiB" in told
    limited.environment["WAREHOUSE_MEMORY"] = "a lot"
    told = limited.run("dbt", "show", "--inline", "select 1", code=2)
    assert "WAREHOUSE_MEMORY is 'a lot': use an amount with its unit" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("engine", ENGINES)
def test_beside_a_run_of_dbt_nothing_else_writes(engine: str, copy: Callable) -> None:
    warehouse = copy(engine)
    cells = warehouse.rows(CELLS)
    with warehouse.start(*RUN) as first:
        started_at = time.monotonic()
        while holder(warehouse).process != str(first.pid):
            assert time.monotonic() < started_at + SECONDS_TO_START
            assert first.poll() is None, first.stdout.read()
            time.sleep(0.1)
        first.send_signal(signal.SIGSTOP)  # so that it cannot be over before the others
        assert holder(warehouse).command.startswith("dbt run on ")
        told = (
            f"the warehouse is in use: {holder(warehouse).command}, process {first.pid}"
        )
        for command, code in [
            (RUN, 2),
            (("dbt", "test", "--quiet"), 2),
            (("python", "-m", "loaders"), 1),
            (("python", "-m", "steps.lift"), 1),
        ]:
            printed = warehouse.run(*command, code=code)
            [line] = [line for line in printed.splitlines() if "in use" in line]
            assert told in line
            assert "Traceback" not in printed
        first.send_signal(signal.SIGCONT)
        assert first.wait() == 0, first.stdout.read()
    assert warehouse.rows(CELLS) == cells
    warehouse.run("python", "-m", "steps.lift")
