from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.privacy import hashed
from tests.conftest import ENGINES, execute, query
from tests.loaders.conftest import PERSON
from tests.loaders.test_load import load
from warehouse.connection import connect
from warehouse.text import clean, printable

pytestmark = pytest.mark.usefixtures("working_directory")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" New drop\n", "New drop"),
        ("\u00a0New\u00a0drop\u3000\u2029", "New\u00a0drop"),
        ("\u202eNew\u202c \u2067drop\u2069\u200b", "New drop"),
        ("\ufeffNew drop\u200d ", "New drop"),
        ("New\r\ndrop\u2028now", "New drop now"),
        ("\x1b[31mNew\x00 \x9b0mdrop\x07", "[31mNew 0mdrop"),
        ("Cafe\u0301 \u212b", "Caf\u00e9 \u00c5"),
        ("Ne\u200bw \uffff<r>drop</r>", "New <r>drop</r>"),
        ("می\u200cخواهم 👩\u200d🔬 ❤\ufe0f", "می\u200cخواهم 👩\u200d🔬 ❤\ufe0f"),
        ("  ", None),
        ("\u00a0\u200b\n", None),
        ("", None),
    ],
)
def test_a_text_is_what_everybody_sees_of_it(text: str, expected: str | None) -> None:
    assert clean(text) == expected


@given(st.text())
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert once is None or clean(once) == once


def test_what_a_terminal_would_obey_is_spelled_out() -> None:
    assert printable("a\x1b[31m\u202eb\n é") == r"a\x1b[31m\u202eb\n é"


def test_an_address_hashes_alike_however_its_accents_are_written() -> None:
    addresses = ["jos\u00e9@mail.example", " JOSE\u0301@mail.example\u00a0"]
    one, other = hashed(pa.chunked_array([addresses]), "key").to_pylist()
    assert one == other


@pytest.mark.parametrize("engine", ENGINES)
def test_texts_land_clean_and_ids_as_they_are(
    engine: str, engagement: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    execute(
        engagement,
        "update persons set company_name = E' A\\u00a0B\\n', external_id = E' id\\n' "
        f"where id = '{PERSON}1'; "
        f"update persons set company_name = E'\\u202e ' where id = '{PERSON}2'",
    )
    load(engagement, warehouse)
    assert query(
        warehouse,
        "select company_name, external_id from staging_engagement.persons "
        f"where cast(id as varchar) in ('{PERSON}1', '{PERSON}2') order by id",
    ) == [("A\u00a0B", " id\n"), (None, 'say "hi",\nBob')]
    assert load(engagement, warehouse) == {}


@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_older_loader_landed_is_read_once_more(
    engine: str, engagement: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    load(engagement, warehouse)
    # as that one left it, in a row that no cursor leads to any more
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute("alter table staging_engagement._loads drop column origin")
        cursor.execute(
            "update staging_engagement.persons set company_name = ' Stray ' "
            f"where cast(id as varchar) = '{PERSON}1'"
        )
        connection.commit()
    assert load(engagement, warehouse) == {"persons": (0, 1, 0)}
    assert query(
        warehouse,
        "select company_name from staging_engagement.persons "
        f"where cast(id as varchar) = '{PERSON}1'",
    ) == [("Aktiengesellschaft Öl",)]
    assert load(engagement, warehouse) == {}
