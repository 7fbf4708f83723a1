import csv
from pathlib import Path

import pytest

from steps.insights.redaction import Redactor
from tests.conftest import REPOSITORY

PROBES = Path(__file__).with_name("redaction_probes.csv")
DOCUMENT = REPOSITORY / "docs" / "insights.md"
OWN_NAMES = ("Zoë Müller-Lindqvist", "zoe.lind@mail.example")


def probes() -> list[dict[str, str]]:
    with PROBES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("probe", probes(), ids=lambda probe: probe["what"])
def test_probe_is_caught_or_known_to_be_missed(probe: dict[str, str]) -> None:
    redacted = Redactor(OWN_NAMES).redact(probe["text"])
    is_left = probe["personal"].casefold() in redacted.casefold()
    assert is_left == (probe["is_caught"] == "no"), redacted


def table() -> str:
    """Return the probes as a table of Markdown."""
    rows = [
        f"| {probe['what']} | `{probe['text']}` | "
        f"{'caught' if probe['is_caught'] == 'yes' else '**not caught**'} |"
        for probe in probes()
    ]
    return "\n".join(["| probe | text | |", "|---|---|---|", *rows])


def test_the_document_shows_all_probes() -> None:
    assert table() in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "Please make an image of 3 red bicycles, 1920 x 1080, in 4k.",
        "I look at it at night, and the point is: what is the ratio, 16:9 or 4:3?",
        "Das Bild von gestern war besser; bitte in Version 2.0 und 50 % heller.",
        "It failed 12 times in 30 minutes, and I paid 1,000,000 credits.",
        "من فضلك أنشئ صورة دراجة حمراء",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert Redactor(OWN_NAMES).redact(text) == text
