"""What analysts made on the marts of Postgres, and who reads them, night by night."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tests.conftest import execute, query
from tests.steps.publish.publish_warehouse import PROJECT, PublishWarehouse

pytestmark = pytest.mark.slow
VIEWS = """
create schema analysts;
create view analysts.stages as
select lifecycle_stage, count(*) as users from marts.dim_users group by 1;
comment on view analysts.stages is 'it''s ours';
comment on column analysts.stages.users is 'how many';
create view analysts."All stages" with (security_barrier = true) as
select * from analysts.stages;
create materialized view analysts.kept as
select stages.*, now() as made_at from analysts."All stages" as stages;
create unique index kept_key on analysts.kept (lifecycle_stage);
create view marts.churned as
select * from marts.dim_users where lifecycle_stage = 'churned';
grant select on analysts.stages to {role};
grant usage on schema marts to {role};
grant select on marts.dim_users to {role};
alter default privileges in schema training grant select on tables to {role};
"""
NIGHTS = 3
READS = 20
SECONDS_TO_WAIT = 5


@pytest.fixture
def published(new_database: Callable, working_directory: Path) -> PublishWarehouse:
    warehouse = PublishWarehouse.make(new_database(), working_directory)
    assert warehouse.publish().returncode == 0
    return warehouse


@pytest.fixture
def role(published: PublishWarehouse) -> str:
    """A role that may read what it was granted; roles belong to the server."""
    name = "reader_" + published.url.partition("?")[0].rpartition("/")[2]
    execute(published.url, f"create role {name}")
    return name


def test_views_and_rights_survive_three_nights(
    published: PublishWarehouse, role: str
) -> None:
    url = published.url
    execute(url, VIEWS.format(role=role))
    for night in range(NIGHTS):
        published.execute(f"insert into core.dim_users values ('eve {night}', 'new')")
        told = published.publish()
        assert told.returncode == 0, told.stderr
    for name in ("stages", '"All stages"', "kept"):
        sql = f"select lifecycle_stage, users from analysts.{name} order by 1"
        assert query(url, sql) == [("churned", 1), ("new", 1 + NIGHTS)], name
    assert query(url, "select * from marts.churned") == [("bob", "churned")]
    assert query(
        url,
        "select obj_description('analysts.stages'::regclass, 'pg_class'), "
        "col_description('analysts.stages'::regclass, 2), indexname, reloptions[1] "
        "from pg_class, pg_indexes where relname = 'All stages' and tablename = 'kept'",
    ) == [("it's ours", "how many", "kept_key", "security_barrier=true")]
    readable = query(
        url,
        "select relname from pg_class inner join pg_namespace "
        "on pg_namespace.oid = relnamespace where relkind in ('r', 'v', 'm') "
        "and nspname in ('analysts', 'marts', 'training') "
        f"and has_table_privilege('{role}', pg_class.oid, 'select') "
        "order by 1",
    )
    assert readable == [("ai_churn",), ("dim_users",), ("stages",)]
    assert query(url, f"select has_schema_privilege('{role}', 'marts', 'usage')") == [
        (True,)
    ]


def test_a_view_that_would_break_keeps_the_old_generation(
    published: PublishWarehouse,
) -> None:
    execute(
        published.url,
        """
        create schema analysts;
        create view analysts.stages as select lifecycle_stage from marts.dim_users;
        create view analysts.above as select * from analysts.stages;
        create view analysts.well as select user_key from marts.dim_users;
        """,
    )
    file = published.folder / "target/manifest.json"
    manifest = json.loads(file.read_text())
    del manifest["nodes"][f"model.{PROJECT}.dim_users"]["columns"]["lifecycle_stage"]
    file.write_text(json.dumps(manifest))
    refused = published.publish()
    assert refused.returncode == 1
    assert refused.stderr == (
        "error: nothing is published, as these views would break: analysts.stages: "
        'column "lifecycle_stage" does not exist; analysts.above: '
        'relation "analysts.stages" does not exist. Mend or drop them, or publish '
        "with --drop-broken-views\n"
    )
    above = "select * from analysts.above order by 1"
    assert query(published.url, above) == [("churned",), ("new",)]
    assert published.publish("--drop-broken-views").returncode == 0
    assert query(
        published.url, "select viewname from pg_views where schemaname = 'analysts'"
    ) == [("well",)]


def test_a_reader_of_a_view_delays_the_publish_but_no_other_reader(
    published: PublishWarehouse,
) -> None:
    execute(published.url, "create view public.users as select * from marts.dim_users")
    with (
        closing(psycopg2.connect(published.url)) as slow,
        ThreadPoolExecutor() as executor,
    ):
        slow.cursor().execute("select * from public.users")
        publishing = executor.submit(published.publish)
        waited = []
        while len(waited) < READS:
            started_at = time.monotonic()
            assert len(query(published.url, "select * from public.users")) == 2
            waited.append(time.monotonic() - started_at)
        assert not publishing.done()
        slow.rollback()
        assert publishing.result().returncode == 0, publishing.result().stderr
    assert max(waited) < SECONDS_TO_WAIT


def test_a_transaction_that_begins_with_the_generations_reads_one(
    published: PublishWarehouse,
) -> None:
    with (
        closing(psycopg2.connect(published.url)) as reader,
        ThreadPoolExecutor() as executor,
    ):
        cursor = reader.cursor()
        cursor.execute("select max(generation_id) from marts.generations")
        published.execute("delete from core.dim_users")
        publishing = executor.submit(published.publish)
        time.sleep(SECONDS_TO_WAIT)
        cursor.execute("select count(*) from marts.dim_users")
        assert cursor.fetchone() == (2,)
        reader.rollback()
        assert publishing.result().returncode == 0, publishing.result().stderr
        cursor.execute("select count(*) from marts.dim_users")
        assert cursor.fetchone() == (0,)


def test_what_others_made_is_left_alone(published: PublishWarehouse) -> None:
    execute(
        published.url,
        "create table public.notes (user_key text references marts.dim_users)",
    )
    for _ in range(2):
        assert published.publish().returncode == 0
    told = published.publish()
    assert told.stdout == (
        "schemas marts and training: generation 4, marts_1 stay as others use them\n"
    )
    execute(published.url, "drop schema marts cascade; create schema marts")
    execute(published.url, "create table marts.somebodys (number integer)")
    refused = published.publish()
    assert refused.returncode == 1
    assert "the schema marts or training holds what no publish made" in refused.stderr
