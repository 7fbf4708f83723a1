"""Nothing of an erased person is left, and nothing of anybody else is gone."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from loaders.suppression import EMAIL, TABLE
from steps.erase import __main__ as command
from steps.erase.person import Person, find
from tests.conftest import query
from tests.helpers.commands import run_module
from tests.steps.erase.erase_warehouse import (
    ADDRESSES,
    ANSWERS,
    DANS,
    HASH_KEY,
    HISTORY,
    LOGIN,
    MEMBER,
    PUBLIC,
    TALK,
    TALKER,
    USERS,
    EraseWarehouse,
    keyed_hash,
)
from warehouse.connection import connect, duckdb_path, is_duckdb
from warehouse.errors import UserError

ANN = {
    ("app", USERS["ann"]),
    ("chemlink", "1"),
    ("chemlink_public", PUBLIC),
    ("engagement", MEMBER),
    ("assistant", TALKER),
    ("conversation", TALK),
    (EMAIL, keyed_hash(ADDRESSES["ann"])),
    ("posthog", keyed_hash(USERS["ann"])),
    ("posthog", keyed_hash(ADDRESSES["ann"])),
    ("posthog", keyed_hash("phone of ann")),
    ("posthog_person", "person ann"),
}
BOTH = keyed_hash(ADDRESSES["dan"])
DAN = {("app", USERS["dan"]), ("posthog", keyed_hash(USERS["dan"]))}
IDS = {
    "Ann@Mail.Example ": ANN,
    f"app:{USERS['ann'].upper()}": ANN,
    "chemlink:1": ANN,
    f"engagement:{MEMBER}": ANN,
    f"assistant:{TALKER}": ANN,
    "posthog:phone of ann": ANN,
    # the tablet may be Cid's
    "bob@mail.example": {
        ("app", USERS["bob"]),
        (EMAIL, keyed_hash(ADDRESSES["bob"])),
        ("posthog", keyed_hash(USERS["bob"])),
        ("posthog", keyed_hash(ADDRESSES["bob"])),
    },
    # the address is Dot's too
    f"app:{USERS['dan']}": DAN,
    # and whoever gives it is all who have it
    "both@mail.example": {
        *DAN,
        ("app", USERS["dot"]),
        ("posthog", keyed_hash(USERS["dot"])),
        ("chemlink", "4"),
        ("chemlink_public", DANS),
        (EMAIL, BOTH),
        ("posthog", BOTH),
    },
    "posthog:laptop of eve": {
        ("posthog", keyed_hash("laptop of eve")),
        ("posthog", keyed_hash("phone of eve")),
        ("posthog_person", "person eve"),
    },
    "nobody@mail.example": {
        (EMAIL, keyed_hash("nobody@mail.example")),
        ("posthog", keyed_hash("nobody@mail.example")),
    },
}
CUT_OFF = "update production.states set status = 'started' where name not like 'load.%'"
TRACES = [
    *(value for kind, value in ANN if kind != "chemlink"),
    *map(keyed_hash, (USERS["ann"], PUBLIC, MEMBER, TALKER)),
]


def contents(url: str) -> dict[str, list[str]]:
    """Return the rows of each table as text, but those of the schema production."""
    tables = query(
        url,
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_schema not in ('information_schema', 'pg_catalog', 'production') "
        "and table_name not like '!_%' escape '!'",
    )
    return {
        name: sorted(map(str, query(url, f"select * from {name}")))
        for (name,) in tables
    }


def stored_bytes(url: str) -> Iterator[bytes]:
    """Yield what the disk holds of a warehouse, without the log of the server."""
    if is_duckdb(url):
        yield from (
            file.read_bytes() for file in duckdb_path(url).parent.glob("*duck*")
        )
        return
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("checkpoint")  # until then dropped files are there
            cursor.execute(
                "select current_setting('data_directory') || '/base/' || oid "
                "from pg_database where datname = current_database()"
            )
            [(folder,)] = cursor.fetchall()
    yield from (file.read_bytes() for file in Path(folder).iterdir())


@pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)
def test_accounts_of_a_person_and_nobody_elses_are_found(
    warehouse: EraseWarehouse,
) -> None:
    with connect(warehouse.url) as connection:
        for name, ids in IDS.items():
            assert find(connection, Person.parse(name), HASH_KEY).ids == ids, name


def test_nothing_of_a_person_is_left(
    warehouse: EraseWarehouse, erase: Callable
) -> None:
    before = contents(warehouse.url)
    assert any(
        keyed_hash(PUBLIC).encode() in found for found in stored_bytes(warehouse.url)
    )
    assert "erasure 1: 15 rows removed and 6 blanked" in erase(f"assistant:{TALKER}")
    after = contents(warehouse.url)
    assert [trace for trace in TRACES if trace in str(after)] == []
    for found in stored_bytes(warehouse.url):
        assert [trace for trace in TRACES if trace.encode() in found] == []
    lost = {name: len(before[name]) - len(after[name]) for name in after}
    assert {name: rows for name, rows in lost.items() if rows} == {
        "core.bridge_user_identities": 7,
        HISTORY: 1,
        "intermediate.int_accounts": 4,
        "staging_assistant.conversations": 1,
        "staging_assistant.messages": 1,
        "staging_assistant.service_jobs": 1,
        "staging_assistant.user_actions": 1,
        "staging_assistant.users": 1,
        "staging_chemlink.experiences": 1,
        "staging_chemlink.persons": 1,
        "staging_engagement.persons": 1,
        "staging_neon.user_notifications": 1,
        "staging_neon.users": 1,
        "staging_posthog.person_distinct_ids": 3,
        "staging_posthog.persons": 1,
    } | dict.fromkeys(ANSWERS, 1)
    assert query(warehouse.url, f"select * from {HISTORY}") == [(4, None)]
    # the login is Dan's as well, and Bob got an offer
    assert query(
        warehouse.url,
        "select cast(kratos_id as varchar), cast(receiver_user_id as varchar), "
        "creator_user_id, posts.person_id from staging_chemlink.persons, "
        "staging_neon.offers, staging_engagement.posts",
    ) == [(LOGIN, USERS["bob"], None, None)]
    [(finished,)] = query(
        warehouse.url, "select finished_at is not null from production.erasures"
    )
    assert finished
    assert erase("ann@mail.example") == command.UNKNOWN


@pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)
def test_what_is_begun_is_finished_though_its_build_was_cut_off(
    warehouse: EraseWarehouse, erase: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_cut_off(_: str) -> None:
        warehouse.execute(CUT_OFF)
        raise KeyboardInterrupt

    warehouse.execute(CUT_OFF)
    with pytest.raises(UserError, match="the last load is not built"):
        erase("ann@mail.example")
    warehouse.execute("update production.states set status = 'success'")
    with monkeypatch.context() as patch:
        patch.setattr(command, "rebuild", is_cut_off)
        with pytest.raises(KeyboardInterrupt):
            erase("ann@mail.example")
    assert "nothing is left in tables and files" in erase("ann@mail.example")


@pytest.mark.parametrize(
    "name",
    [
        *("", "ann", "app:12", "elsewhere:12", "posthog:"),
        *("chemlink:1_0", "chemlink:٢", "conversation:talk_of_ann"),
    ],
)
def test_what_names_nobody_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^PERSON (is|has) no "):
        Person.parse(name)


@pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)
def test_somebody_unknown_is_kept_out(warehouse: EraseWarehouse) -> None:
    environment = os.environ | {
        "WAREHOUSE_URL": warehouse.url,
        "PII_HASH_KEY": HASH_KEY,
        "NEON_DATABASE_URL": "postgresql://nobody@localhost/none",
    }

    def run(*arguments: str) -> tuple[int, str]:
        completed = run_module(
            "steps.erase", *arguments, folder=warehouse.folder, environment=environment
        )
        return completed.returncode, completed.stdout + completed.stderr

    before = contents(warehouse.url)
    code, told = run("nobody@mail.example", "--dry-run")
    assert (code, told) == (0, "the warehouse knows nobody by that\n")
    assert run("nobody@mail.example") == (0, f"{command.UNKNOWN}\n")
    assert query(warehouse.url, f"select count(*) from {TABLE}") == [(2,)]
    code, told = run("ann@mail.example", "--dry-run")
    assert "1 users, 11 ids: " in told
    assert "staging_neon.offers" in told
    assert contents(warehouse.url) == before
    code, told = run("elsewhere:12")
    assert (code, told.count("\n")) == (2, 1)
    assert told.startswith("error: PERSON is no e-mail address and no id of a source")
    warehouse.execute("update production.states set run = 7 where name = 'load.neon'")
    assert run("ann@mail.example")[1].startswith("error: the last load is not built")


@pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)
def test_local_files_hold_nobody_either(
    warehouse: EraseWarehouse, erase: Callable
) -> None:
    folder = warehouse.folder
    for name in ("data/dlt/neon/load", "seeds", "reports"):
        (folder / name).mkdir(parents=True)
    (folder / "data/dlt/neon/load/users.parquet").write_text(USERS["ann"])
    seed = folder / "seeds/push_holdouts.csv"
    bob = keyed_hash(USERS["bob"])
    seed.write_text(f"account_hash\n{keyed_hash(USERS['ann'])}\n{bob}\n")
    page = folder / "reports/pushes.html"
    page.write_text(json.dumps({"who": keyed_hash(PUBLIC)}))
    with pytest.raises(command.UserError, match=r"still in reports/pushes.html: "):
        erase("ann@mail.example")
    assert seed.read_text() == f"account_hash\n{bob}\n"
    assert not (folder / "data/dlt").exists()
    page.unlink()
    assert "erasure 2: 0 rows removed" in erase("ann@mail.example")
