import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from loaders.privacy import hashed, scrubbed
from tests.conftest import ENGINES, execute, query
from tests.helpers.chemlink import SCHEMA, load
from warehouse.connection import connect

pytestmark = pytest.mark.usefixtures("working_directory")
ROWS = """
insert into persons (id, person_id, headline_description, created_at)
select
    number, gen_random_uuid(),
    (array['  Chemist of solvents ', null, '', 'Öl'])[number], '2026-01-01'
from generate_series(1, 4) as number;
insert into glossary values (
    1, 'Ask ann@mail.example', 'Call +1 555 123 4567', 'by ann@mail.example',
    'See https://www.example.com/in/ann?x=1 first', '2026-01-01'
);
"""
# Without the setting of `warehouse`, dozens of the texts were in the file at each run
# of which the allocator kept the memory.
KEEPS_MEMORY = {"DUCKDB_JE_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1"}
READS_AND_WRITES = """
import loaders, duckdb, pyarrow
texts = [
    '{"a": "personal value %d", "b": {"c": "x"}, "d": "%s"}' % (n, "y" * (n % 400))
    for n in range(10000)
]
raw = pyarrow.table({"properties": texts})
with duckdb.connect("written.duckdb") as written, duckdb.connect() as read:
    read.register("raw", raw)
    for number in range(30):
        read.execute(
            "select json_extract(properties, ['$.a', '$.b', '$.d']), properties[1:3] "
            "from raw order by 1"
        ).to_arrow_table()
        written.execute(
            f"create table t{number} as select i, "
            f"'value number ' || (hash(i) % {number * 400 + 1}) as one, "
            f"md5((hash(i) % {number * 40 + 2})::varchar) as other "
            "from range(60000) as r (i)"
        )
        written.execute("checkpoint")
"""


@pytest.fixture
def chemlink(new_database: Callable) -> str:
    """The URL of a ChemLink database of four headlines and a glossary entry."""
    url = new_database()
    execute(url, SCHEMA + ROWS)
    return url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to Ann.O'Neil+x@mail.example.com!", "Write to [email]!"),
        ("mailto:ümläut@böx.example", "mailto:[email]"),
        ("https://ann:pw@host.example/p?to=ann@mail.example now", "[link] now"),
        ("WWW.NET.EXAMPLE/in/ann, net.example/in/bob", "[link] [link]"),
        ("+1 (555) 123-4567 or 0049 171 / 123 45 67", "[phone] or [phone]"),
        ("555–123–4567 and +15551234567", "[phone] and [phone]"),
        ("C6H12O6 at 20.5-25 °C, 1,000,000 t, CAS 110-54-3, and/or", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_numbers_and_links_are_masked(
    text: str | None, expected: str | None
) -> None:
    found = scrubbed(pa.chunked_array([[text]])).to_pylist()
    assert found == [text if expected is None else expected]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_headline_lands_as_its_length_alone(
    engine: str, chemlink: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    load(chemlink, warehouse)
    headlines = (
        "select id, headline_description_length "
        "from staging_chemlink.persons order by id"
    )
    assert query(warehouse, headlines) == [(1, 19), (2, None), (3, 0), (4, 2)]
    columns = query(
        warehouse,
        "select column_name, lower(data_type) from information_schema.columns "
        "where table_schema = 'staging_chemlink' and table_name = 'persons' "
        "and column_name like 'headline%'",
    )
    assert columns == [("headline_description_length", "bigint")]


def test_a_glossary_that_landed_unmasked_is_masked_by_the_next_load(
    chemlink: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    load(chemlink, warehouse)
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute(
            "update staging_chemlink.glossary set term = 'Ask ann@mail.example'"
        )
        connection.commit()
    load(chemlink, warehouse)
    glossary = (
        "select term, meaning, category, description from staging_chemlink.glossary"
    )
    assert query(warehouse, glossary) == [
        ("Ask [email]", "Call [phone]", "by [email]", "See [link] first")
    ]


def test_an_address_hashes_alike_however_its_accents_are_written() -> None:
    addresses = ["jos\u00e9@mail.example", " JOSE\u0301@mail.example\u00a0"]
    one, other = hashed(pa.chunked_array([addresses]), "key").to_pylist()
    assert one == other


def test_what_a_load_had_in_memory_fills_no_gap_of_the_file(
    working_directory: Path,
) -> None:
    completed = subprocess.run(
        [sys.executable, "-c", READS_AND_WRITES],
        cwd=working_directory,
        env=os.environ | KEEPS_MEMORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    written = (working_directory / "written.duckdb").read_bytes()
    assert b"value number 1" in written, "the search finds what is there"
    assert b"personal value" not in written, "memory of the load is in the file"
