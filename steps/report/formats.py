"""How a report writes numbers, names and other people's text."""

import re
from typing import Any

from warehouse.text import clean

Row = dict[str, Any]

NOTHING = "–"
SMALLEST_SHOWN_Q = 0.001
PLACEHOLDER = re.compile(r"\[\[\s*(?:\w+:)?\s*(\w[\w .-]*?)\s*\]\]")
WORDS_OF_NAME = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+")
LARGE = 100


def rate(value: float | None) -> str:
    """Write a number of events per recipient and day."""
    return NOTHING if value is None else f"{value:.4f}"


def change(value: float | None) -> str:
    """Write a difference of rates, with its sign."""
    return NOTHING if value is None else f"{value:+.4f}"


def hundred(value: float | None) -> str:
    """Write a difference of rates as one of 100 people, with its sign."""
    if value is None:
        return NOTHING
    value *= 100
    return f"{value:+.2f}" if abs(value) < 10 else f"{value:+,.1f}"


def percent(value: float | None) -> str:
    """Write a change in percent, with its sign."""
    return NOTHING if value is None else f"{value:+,.1f}%"


def share(value: float | None) -> str:
    """Write a share as a percentage, without decimals that are 0."""
    return NOTHING if value is None else f"{100 * value:.3g}%"


def count(value: float | None) -> str:
    """Write a number of people or things; an average of few with a decimal."""
    if value is None:
        return NOTHING
    return f"{value:,.1f}" if value % 1 and abs(value) < LARGE else f"{value:,.0f}"


def q_value(value: float | None) -> str:
    """Write a q-value."""
    if value is None:
        return NOTHING
    if value < SMALLEST_SHOWN_Q:
        return f"< {SMALLEST_SHOWN_Q}"
    return f"{value:.3f}"


def figure(value: object, digits: int = 4) -> str:
    """Write any value of a mart, of a small number so many digits."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}g}"
    return str(value)


def words(name: str) -> str:
    """Turn a name of the warehouse into words: `offers_created`, offers created."""
    return name.replace("_", " ")


def capitalised(text: str) -> str:
    """Start a sentence, whatever it goes on with."""
    return text[:1].upper() + text[1:]


def readable_title(text: str | None) -> str:
    """Write the title of a push in one line, as people read it.

    `Price moves on [[var:productName]]` gives `Price moves on (product name)`.
    """
    line = " ".join((clean(text or "") or "").split())
    return PLACEHOLDER.sub(_in_words, line)


def _in_words(placeholder: re.Match[str]) -> str:
    return f"({WORDS_OF_NAME.sub(' ', placeholder[1]).lower()})"


def plain_markdown(text: str) -> str:
    """Escape other people's text so that Markdown shows it and does nothing else."""
    return re.sub(r"([\\`*_\[\]<>#|&~:@.$])", r"\\\1", text)
