"""What is sent of texts that are long, strange, or cut."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from steps.insights.candidates import PersonDay
from steps.insights.documents import redacted_document
from steps.insights.texts import DayTexts, TextSource
from tests.steps.insights.insights_warehouse import (
    DAY,
    InsightsWarehouse,
    add_messages,
    chosen,
)

LIMIT = 4_000


def texts_of(*messages: str) -> DayTexts:
    return DayTexts(["Ann Oakwood"], [[("user", [text]) for text in messages]])


def sent(*messages: str) -> list[str]:
    """Return what is sent of one conversation."""
    document = redacted_document(texts_of(*messages), LIMIT)
    (talk,) = json.loads(document.text)["conversations"]
    return [message["text"] for message in talk]


def test_a_long_day_keeps_its_beginning_and_its_end() -> None:
    messages = [f"Message number {number}." for number in range(5_000)]
    texts = sent(*messages)
    assert texts[0] == messages[0]
    assert texts[-1] == messages[-1]
    assert texts.count("[...]") == 1
    assert LIMIT / 2 < sum(map(len, texts)) <= LIMIT + len("[...]")


def test_a_long_message_keeps_both_ends_and_no_half_of_a_secret() -> None:
    before = "Before it. " * 50
    secret = "ann.oakwood@mail.example "
    at = LIMIT // 4 - 10  # where it is cut
    long = (before * 9)[:at] + secret + "word " * 200_000 + "The end."
    (text,) = sent(long)
    assert text.startswith("Before it.")
    assert text.endswith("The end.")
    assert "[...]" in text
    assert "ann.oak" not in text
    assert len(text) <= LIMIT


def test_the_same_value_has_one_placeholder_in_a_conversation() -> None:
    texts = sent("I am a@mail.example.", "Not b@mail.example, A@mail.example!")
    assert texts == ["I am [EMAIL_1].", "Not [EMAIL_2], [EMAIL_1]!"]


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_can_be_sent(text: str) -> None:
    (said,) = sent(f"ann.oakwood@mail.example {text} Oakwood")
    assert "ann.oakwood@mail" not in said
    assert "Oakwood" not in said.split()


def test_a_megabyte_is_read_from_the_source_in_part(
    insights: InsightsWarehouse, own_source: str
) -> None:
    add_messages(own_source, "usr_ann", ["x " * 500_000 + "مرحبا يا صديقي \u202e"])
    source = TextSource(own_source, LIMIT)
    row = chosen("ann")
    day = PersonDay("ann", DAY, row["day_starts_at"], row["day_ends_at"], ("usr_ann",))
    ((_, texts),) = source.read([day])
    (talk,) = texts.conversations
    (head, tail) = next(parts for _, parts in talk if len(parts) > 1)
    assert (len(head), len(tail)) == (LIMIT, LIMIT)
    assert tail.endswith("صديقي \u202e")
