"""Each role on Postgres can do its part of the night, and nothing else."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from loaders.ledger import create_ledger
from tests.conftest import REPOSITORY, execute, query
from tests.helpers.roles import as_member, as_user, database_of, make_roles
from tests.steps.publish.publish_warehouse import PublishWarehouse
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.one_writer import one_writer
from warehouse.roles import apply_roles
from warehouse.states import record

pytestmark = pytest.mark.slow
DBT_SCHEMAS = re.findall(
    r"schema: (\w+)$", (REPOSITORY / "dbt_project.yml").read_text(), re.MULTILINE
)
DENIED = psycopg2.errors.InsufficientPrivilege
REBUILD = """
create table core.dim_users__dbt_tmp as select * from core.dim_users;
alter table core.dim_users rename to dim_users__dbt_backup;
alter table core.dim_users__dbt_tmp rename to dim_users;
drop table core.dim_users__dbt_backup;
create table if not exists production.states (name text);
update production.states set status = status;
select * from staging_neon._loads, staging_neon.later;
create temporary table mine (x int)
"""


@pytest.fixture(scope="module")
def warehouse(
    new_database: Callable, tmp_path_factory: pytest.TempPathFactory
) -> PublishWarehouse:
    """A published warehouse that one ordinary role made, and then the roles."""
    url = new_database()
    execute(url, "create role dba login createrole")
    execute(url, f"alter database {database_of(url)} owner to dba")
    made = PublishWarehouse.make(as_user(url, "dba"), tmp_path_factory.mktemp("roles"))
    with connect(made.url) as connection:
        create_ledger(connection, "neon")
    assert made.publish().returncode == 0
    make_roles(made.url)
    return made


def of(warehouse: PublishWarehouse, group: str) -> PublishWarehouse:
    """Return the warehouse as a member of a group opens it."""
    return PublishWarehouse(as_member(warehouse.url, group), warehouse.folder)


def test_nothing_is_left_to_the_role_that_made_it(warehouse: PublishWarehouse) -> None:
    owners = query(
        warehouse.url,
        "select distinct nspname, nspowner::regrole::text, relowner::regrole::text "
        "from pg_namespace left join pg_class on relnamespace = pg_namespace.oid "
        "and relkind in ('r', 'v') where nspname in ('staging_neon', 'core', 'lift', "
        "'marts', 'training', 'marts_1', 'production') order by 1",
    )
    assert owners == [
        ("core", "transformer", "transformer"),
        ("lift", "transformer", None),
        ("marts", "publisher", "publisher"),
        ("production", "loader", "loader"),
        ("staging_neon", "loader", "loader"),
        ("training", "publisher", "publisher"),
    ]


def test_two_nights_in_which_each_role_does_its_part(
    warehouse: PublishWarehouse,
) -> None:
    for night in range(2):
        execute(
            of(warehouse, "loader").url,
            f"create schema if not exists staging_neon_{night};"
            f"drop table if exists staging_neon.later cascade;"
            f"create table staging_neon.later as select {night} as x",
        )
        with connect(of(warehouse, "loader").url) as connection:
            record(connection, {"load.neon": "success"})
            connection.commit()
        execute(of(warehouse, "transformer").url, REBUILD)
        execute(
            of(warehouse, "transformer").url,
            "update production.states set run = 9, load_run = 9",
        )
        published = of(warehouse, "publisher").publish()
        assert (published.returncode, published.stderr) == (0, "")
        users = "select count(*) from marts.dim_users"
        assert query(of(warehouse, "bi_reader").url, users) == [(2,)]
        churned = "select count(*) from training.ai_churn"
        assert query(of(warehouse, "training_reader").url, churned) == [(1,)]
    apply_roles(warehouse.url)
    assert of(warehouse, "publisher").publish().returncode == 0


@pytest.mark.parametrize(
    ("group", "statement"),
    [
        ("loader", "select * from core.dim_users"),
        ("loader", "select * from marts.dim_users"),
        ("loader", "create table core.mine (x int)"),
        ("loader", "create table public.mine (x int)"),
        ("transformer", "delete from staging_neon._loads"),
        ("transformer", "create table staging_neon.mine (x int)"),
        ("transformer", "select * from marts.dim_users"),
        ("transformer", "drop schema marts cascade"),
        ("publisher", "select * from staging_neon._loads"),
        ("publisher", "delete from core.dim_users"),
        ("publisher", "select * from seeds.push_parameters"),
        ("publisher", "delete from production.states"),
        *(
            (reader, statement)
            for reader in ("bi_reader", "training_reader")
            for statement in (
                "select * from core.bridge_user_identities",
                "select * from staging_neon._loads",
                "select * from production.states",
                "create schema mine",
                "create temporary table mine (x int)",
                "create table public.mine (x int)",
                "delete from marts.dim_users",
                "delete from training.ai_churn",
                "set role publisher",
            )
        ),
        ("bi_reader", "select * from training.ai_churn"),
        ("training_reader", "select * from marts.dim_users"),
    ],
)
def test_a_role_is_refused_what_it_must_not(
    group: str, statement: str, warehouse: PublishWarehouse
) -> None:
    execute(warehouse.url, "create table if not exists seeds.push_parameters (x int)")
    with pytest.raises(DENIED):
        execute(of(warehouse, group).url, statement)


def test_who_is_no_member_does_not_get_in(warehouse: PublishWarehouse) -> None:
    execute(warehouse.url, "create role passer_by login")
    with pytest.raises(UserError, match="the role passer_by has no right to connect"):
        connect(as_user(warehouse.url, "passer_by"))


def test_a_reader_has_an_end_to_its_queries(warehouse: PublishWarehouse) -> None:
    with closing(psycopg2.connect(of(warehouse, "bi_reader").url)) as connection:
        cursor = connection.cursor()
        for name, value in {
            "statement_timeout": "10min",
            "lock_timeout": "10s",
            "idle_in_transaction_session_timeout": "1min",
        }.items():
            cursor.execute(f"show {name}")
            assert cursor.fetchone() == (value,)


def test_another_role_is_told_who_holds_the_lock(warehouse: PublishWarehouse) -> None:
    with (
        one_writer(of(warehouse, "loader").url, "load"),
        pytest.raises(UserError, match="the warehouse is in use: load on"),
        one_writer(of(warehouse, "transformer").url, "dbt build"),
    ):
        pass


def test_what_a_user_of_all_roles_records_is_there_for_each_of_them(
    warehouse: PublishWarehouse,
) -> None:
    execute(warehouse.url, "create role operator login in role loader, transformer")
    apply_roles(warehouse.url)
    execute(
        as_user(warehouse.url, "operator"),
        "create table production.suppressed (hash text);"
        "create table staging_neon.more (x int)",
    )
    for group in ("loader", "transformer"):
        execute(of(warehouse, group).url, "delete from production.suppressed")
    apply_roles(warehouse.url)
    execute(of(warehouse, "loader").url, "drop table staging_neon.more")


def test_a_view_of_the_readers_survives_a_publish(warehouse: PublishWarehouse) -> None:
    execute(
        warehouse.url,
        "create schema if not exists analysts; "
        "grant usage, create on schema analysts to bi_reader, publisher",
    )
    execute(
        of(warehouse, "bi_reader").url,
        "set role bi_reader; create view analysts.stages as "
        "select lifecycle_stage from marts.dim_users",
    )
    published = of(warehouse, "publisher").publish()
    assert (published.returncode, published.stderr) == (0, "")
    stages = "select count(*) from analysts.stages"
    assert query(of(warehouse, "bi_reader").url, stages) == [(2,)]


def test_an_empty_database_gets_its_roles_too(new_database: Callable) -> None:
    url = new_database()
    apply_roles(url)
    apply_roles(url)
    assert query(url, "select has_schema_privilege('bi_reader', 'marts', 'usage')") == [
        (True,)
    ]


def test_who_may_make_no_roles_is_told_so(warehouse: PublishWarehouse) -> None:
    with pytest.raises(
        UserError, match="permission denied .* let the role loader_.* own"
    ):
        apply_roles(of(warehouse, "loader").url)


def test_a_file_has_no_roles(working_directory: Path) -> None:
    with pytest.raises(UserError, match="a DuckDB file, which has no roles"):
        apply_roles("duckdb:///w.duckdb")
    assert list(working_directory.iterdir()) == []


def test_every_schema_of_the_project_has_an_owner(warehouse: PublishWarehouse) -> None:
    made = {
        name for (name,) in query(warehouse.url, "select nspname from pg_namespace")
    }
    assert made.issuperset(DBT_SCHEMAS)
