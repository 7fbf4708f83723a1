"""People of the demo world are erased, and their sources try to bring them back."""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pyarrow.parquet as pq
import pytest

from tests.conftest import ENGINES, query
from tests.integration.conftest import NO_TESTS, Marts, Warehouse, differences

HASH_KEY = "a key for all tests"
UNKNOWN = "nobody@nowhere.example"
IDS = """
    select cast(identities.source_id as varchar) as id
    from core.bridge_user_identities as identities
    where user_key = '{key}'
    union
    select '{key}'
    union
    select email_hash from intermediate.int_accounts
    inner join core.bridge_user_identities using (source_system, source_id)
    where user_key = '{key}'
    union
    select source_id_hash from intermediate.int_account_identities
    where user_key = '{key}'
    union
    select unnest(array[
        cast(person_id as varchar), cast(chemlink_id as varchar),
        cast(kratos_id as varchar), cast(hydra_id as varchar)
    ]) from staging_chemlink.persons where person_id_hash = '{key}'
    union
    select unnest(array[iam_id, external_id]) from staging_engagement.persons
    where cast(id as varchar) in (
        select source_id from core.bridge_user_identities where user_key = '{key}'
    )
    union
    select current_person_id from intermediate.int_posthog_identities
    where user_key = '{key}'
"""


def keyed_hash(value: str) -> str:
    return hmac.new(HASH_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Somebody:
    """Who is erased, by which name, and what must not be found afterwards."""

    name: str
    user_key: str
    traces: list[str]


def somebody(warehouse: Warehouse, name: str, user_key: str) -> Somebody:
    ids = warehouse.table(IDS.format(key=user_key))["id"].to_pylist()
    traces = [one for one in ids if one and len(one) > 10]
    return Somebody(name, user_key, traces)


def pseudonym(user_key: str, consumer: str) -> str:
    key = hmac.digest(HASH_KEY.encode(), f"export for {consumer}".encode(), "sha256")
    return hmac.digest(key, user_key.encode(), "sha256").hex()


def rows_of(version: Path) -> list[dict]:
    files = version.glob("split=*/data.parquet")
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def in_all_systems(warehouse: Warehouse, _: Path) -> Somebody:
    """Somebody whom all four systems know and an export holds, by e-mail address."""
    [version] = warehouse.folder.glob("exports/ai_push_response/version=*")
    names = {row["user_key"] for row in rows_of(version)}
    found = next(
        person
        for person in warehouse.rows(
            "select user_key, "
            "max(source_id) filter (where source_system = 'app') as id "
            "from core.bridge_user_identities "
            "group by user_key having count(distinct source_system) >= 4 order by 1"
        )
        if pseudonym(person["user_key"], "alchemi") in names
    )
    app = warehouse.environment["NEON_APP_DATABASE_URL"]
    [(address,)] = query(app, f"select email from users where id = '{found['id']}'")
    return somebody(warehouse, address.upper(), found["user_key"])


def in_posthog_alone(warehouse: Warehouse, world: Path) -> Somebody:
    """A visitor without an account, by a distinct id."""
    keys = warehouse.table(
        "select user_key from core.bridge_user_identities group by user_key "
        "having min(source_system) = 'posthog' and max(source_system) = 'posthog'"
    )["user_key"].to_pylist()
    distinct_ids = {
        one
        for file in sorted(world.glob("posthog/**/*.parquet"))
        if "distinct_id" in pq.read_schema(file).names
        for one in pq.read_table(file, columns=["distinct_id"])[0].unique().to_pylist()
    }
    [name, *_] = sorted(one for one in distinct_ids if keyed_hash(one) in keys)
    return somebody(warehouse, f"posthog:{name}", keyed_hash(name))


def unknown(*_: object) -> Somebody:
    """Nobody whom any source knows."""
    return Somebody(UNKNOWN, "", [UNKNOWN, keyed_hash(UNKNOWN)])


def holding(warehouse: Warehouse, traces: list[str]) -> list[str]:
    """Return the tables and files that hold any trace."""
    tables = warehouse.rows(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema not in ('information_schema', 'pg_catalog') "
        "and table_type = 'BASE TABLE'"
    )
    found = []
    pattern = f"(?s).*({'|'.join(traces)}).*"
    for table in tables:
        name = f'"{table["table_schema"]}"."{table["table_name"]}"'
        [count] = warehouse.rows(
            f"select count(*) as held from {name} as whole "
            f"where cast(whole as varchar) ~ '{pattern}'"
        )
        if count["held"]:
            found.append(name)
    for path in (*warehouse.folder.rglob("*"), *data_files(warehouse.url)):
        # older versions are for the user to destroy
        is_old = path.is_relative_to(warehouse.folder / "exports")
        if path.is_file() and not is_old:
            content = path.read_bytes()
            if any(trace.encode() in content for trace in traces):
                found.append(str(path))
    return found


def data_files(url: str) -> list[Path]:
    """Return the files of a database, without the log of its server."""
    if url.startswith("duckdb"):
        return []
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("checkpoint")
            cursor.execute(
                "select current_setting('data_directory') || '/base/' || oid "
                "from pg_database where datname = current_database()"
            )
            [(folder,)] = cursor.fetchall()
    return list(Path(folder).iterdir())


@pytest.mark.parametrize("engine", ENGINES)
def test_erased_people_are_nowhere_and_do_not_come_back(
    engine: str, world: Path, copy: Callable
) -> None:
    warehouse = copy(engine)
    warehouse.run("python", "-m", "steps.publish")
    warehouse.run("python", "-m", "steps.export")
    warehouse.run("python", "-m", "steps.export", "--consumer", "another")
    users = "select count(*) as users from core.dim_users"
    [before] = warehouse.rows(users)
    people = [
        find(warehouse, world) for find in (in_all_systems, in_posthog_alone, unknown)
    ]
    for person in people[:2]:
        assert len(holding(warehouse, person.traces)) > 10, "there is much to erase"
        told = warehouse.run("python", "-m", "steps.erase", person.name)
        assert "nothing is left in tables and files" in told
    told = warehouse.run("python", "-m", "steps.erase", people[2].name)
    assert told.startswith("the warehouse knows nobody by that")
    [after] = warehouse.rows(users)
    assert after["users"] == before["users"] - 2
    traces = [trace for person in people for trace in person.traces]
    assert holding(warehouse, traces) == []
    check_exports(warehouse, people[0])

    # what the sources still have does not come back, and nothing else changes
    marts = contents(warehouse)
    printed = warehouse.run("python", "-m", "loaders", "--reconcile")
    [sums] = [line for line in printed.splitlines() if line.startswith(" all ")]
    assert sums.split()[-4:-1] == ["0"] * 3, "new, changed, deleted"
    assert holding(warehouse, traces) == []
    # finished statistics are those of a world without these people
    warehouse.build(*NO_TESTS, "--full-refresh")
    assert holding(warehouse, traces) == []
    assert differences(contents(warehouse), marts) == {}


def contents(warehouse: Warehouse) -> Marts:
    """Return all marts but those about the loads, of which there is one more."""
    return warehouse.contents(
        mart for mart in warehouse.marts() if "quality" not in mart
    )


def check_exports(warehouse: Warehouse, person: Somebody) -> None:
    """Old versions with the person are listed, and each has one without."""
    exports = warehouse.folder / "exports"
    lines = (exports / "TO_DESTROY.md").read_text().splitlines()
    listed = [line.split(" | ")[0].removeprefix("| ") for line in lines if "=" in line]
    assert any(name.startswith("consumer=another/") for name in listed)
    for consumer in ("alchemi", "another"):
        name = pseudonym(person.user_key, consumer)
        versions = (
            exports if consumer == "alchemi" else exports / f"consumer={consumer}"
        )
        for version in versions.glob("ai_*/version=*"):
            rows = rows_of(version)
            is_listed = str(version.relative_to(exports)) in listed
            assert any(row.get("user_key") == name for row in rows) == is_listed
            if is_listed:
                newer = version.with_name(f"{version.name}.2")
                assert newer.exists()
            if version.name.endswith(".2"):
                assert {f"version={row['dataset_version']}" for row in rows} == {
                    version.name
                }
