"""Two whole nights on Postgres, each command as the role that may do no more."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest

from tests.conftest import execute, query
from tests.helpers.roles import as_member, as_user, make_roles
from tests.integration.conftest import NO_TESTS, Warehouse
from warehouse.roles import apply_roles

WRITERS = {
    "loader": [("python", "-m", "loaders")],
    "transformer": [
        ("dbt", "build", "--quiet", *NO_TESTS, "--exclude", "source:lift+"),
        ("python", "-m", "steps.lift"),
        ("dbt", "build", "--quiet", *NO_TESTS, "--select", "source:lift+"),
    ],
    "publisher": [("python", "-m", "steps.publish", "--allow", "untested")],
}
FOREIGN = """
    select nspname, relname, relowner::regrole::text
    from pg_class inner join pg_namespace on pg_namespace.oid = relnamespace
    where nspname !~ '^(pg_|information_schema)'
        and relowner::regrole::text not in ('loader', 'transformer', 'publisher')
"""


def test_two_nights_under_the_least_roles(
    sources: dict[str, str], new_database: Callable, tmp_path: Path
) -> None:
    owner = new_database()
    make_roles(owner)
    for night in (1, 2):
        for group, commands in WRITERS.items():
            warehouse = Warehouse(as_member(owner, group), tmp_path, sources)
            for command in commands:
                warehouse.run(*command)
        users = "select count(*) from marts.dim_users"
        assert query(as_member(owner, "bi_reader"), users) > [(0,)]
        churn = "select count(*) from training.ai_churn"
        assert query(as_member(owner, "training_reader"), churn) > [(0,)]
        told = "select max(generation_id) from marts.generations"
        assert query(as_member(owner, "bi_reader"), told) == [(night,)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            execute(
                as_member(owner, "bi_reader"),
                "select * from core.bridge_user_identities",
            )
    assert query(owner, FOREIGN) == []

    # one user for all commands goes on where they stopped, and they where it stopped
    execute(owner, "create role operator login in role loader, transformer, publisher")
    everything = Warehouse(as_user(owner, "operator"), tmp_path, sources)
    everything.run("python", "-m", "steps.night")
    apply_roles(owner)
    replace(everything, url=as_member(owner, "loader")).run("python", "-m", "loaders")
    assert query(as_member(owner, "bi_reader"), told) == [(3,)]
