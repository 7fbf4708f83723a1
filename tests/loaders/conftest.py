"""A small engagement database, as the loader tests need it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir
from functools import cache
from pathlib import Path

import pytest

from loaders.contract import read_contract
from loaders.load import create_missing
from tests.conftest import execute
from tests.helpers.posthog.project import Project, add_slices, running_project
from tests.helpers.posthog.warehouse import (
    Warehouse,
    copied_warehouse,
    create_empty_file,
)

PERSON = "00000000-0000-4000-8000-00000000000"
SCHEMA = """
create type post_type as enum ('text', 'link');
create table persons (
    id uuid primary key, email text, external_id varchar, first_name text,
    company_name text, mood integer, created_at timestamptz not null,
    updated_at timestamptz, deleted_at timestamptz
);
create table posts (
    id uuid primary key, person_id uuid not null, type post_type, content text,
    link_has_preview boolean, created_at timestamp not null, updated_at timestamptz,
    deleted_at timestamptz
);
create table comments (
    id uuid primary key, post_id uuid not null, person_id uuid not null,
    created_at timestamptz not null
);
create table groups (id uuid primary key, created_at timestamptz not null);
create table group_members (
    id uuid primary key, group_id uuid not null, person_id uuid not null,
    created_at timestamptz not null
);
insert into persons
select
    ('00000000-0000-4000-8000-00000000000' || number)::uuid,
    case number when 1 then ' Ann@Mail.Example ' when 2 then 'bob@mail.example' end,
    case number when 1 then '' when 2 then 'say "hi",' || chr(10) || 'Bob' end,
    'Annabella', 'Aktiengesellschaft Öl', 7,
    timestamptz '2026-01-01 12:00:00.123456+02' + number * interval '1 day',
    timestamptz '2026-06-01 00:00:00+00' + number * interval '1 day',
    case number when 3 then 'infinity'::timestamptz end
from generate_series(1, 5) as number;
insert into posts
select id, id, 'link', 'secret words', true, '2026-03-01 08:00:00', null, null
from persons;
"""


@pytest.fixture
def engagement(new_database: Callable) -> str:
    """The URL of an engagement database of five persons with a post each."""
    url = new_database()
    execute(url, SCHEMA)
    return url


@pytest.fixture(scope="session")
def with_tables(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str], str]:
    """Give a function that returns the URL of an engine's only warehouse to be copied.

    It has the tables of all sources and no row.
    """

    @cache
    def create(engine: str) -> str:
        folder = tmp_path_factory.mktemp("with_tables")
        url = (
            f"duckdb:///{folder}/warehouse.duckdb"
            if engine == "duckdb"
            else request.getfixturevalue("new_database")()
        )
        with chdir(folder):
            for source in read_contract()["sources"]:
                create_missing(source, url)
        return url

    return create


@pytest.fixture
def empty_warehouse(
    with_tables: Callable, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[str], str]:
    """Give a function that returns the URL of a warehouse without a row.

    A first load takes most of its time to create the tables, which are there already.
    """

    def copy(engine: str) -> str:
        original = with_tables(engine)
        if engine == "duckdb":
            shutil.copy(original.removeprefix("duckdb:///"), tmp_path)
            return f"duckdb:///{tmp_path}/warehouse.duckdb"
        name = original.partition("?")[0].rpartition("/")[2]
        return request.getfixturevalue("new_database")(template=name)

    return copy


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DuckDB file with PostHog's tables and no row, to be copied."""
    return create_empty_file(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def warehouse(tmp_path: Path, empty_file: Path) -> Iterator[Warehouse]:
    """A warehouse with PostHog's tables and no row."""
    with copied_warehouse(empty_file, tmp_path) as copy:
        yield copy


@pytest.fixture
def sliced() -> Iterator[Project]:
    """A project of six slices of thirty events, one for each day."""
    with running_project() as project:
        add_slices(project)
        yield project
