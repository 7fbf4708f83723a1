import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.text import clean, printable


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
