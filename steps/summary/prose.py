"""A paragraph of a model above the lines, if it says no number but theirs."""

import json
import re

from steps.insights.client import OK, Client

TASK = (
    "You write one paragraph of at most 80 words for the owner of a product, in plain "
    "English: what changed, and what deserves a look. The user message is a JSON list "
    "of measured lines. Write numbers in digits, exactly as they stand there, and none "
    "that does not. Give no reasons that the lines do not give."
)
SCHEMA = {
    "type": "object",
    "properties": {"paragraph": {"type": "string"}},
    "required": ["paragraph"],
    "additionalProperties": False,
}
LONGEST = 800
# a date is one number; of others the percent sign is a part
NUMBER = re.compile(r"\d{4}-\d\d-\d\d|\d+(?:[.,]\d+)*(?:\s?%)?")
NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"\w+ty-\w+|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|"
    r"thousands?|millions?|dozens?|half|halved|thirds?|quarters?|twice|twofold|"
    r"thrice|doubled?|tripled?)\b",
    re.IGNORECASE,
)


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, written alike."""
    return {re.sub(r"[,\s]", "", found) for found in NUMBER.findall(text)} | {
        found.lower() for found in NUMBER_WORD.findall(text)
    }


def invented_numbers(paragraph: str, lines: list[str]) -> set[str]:
    """Return the numbers of a paragraph that none of the lines holds."""
    return numbers(paragraph) - numbers("\n".join(lines))


def write_prose(client: Client, lines: list[str]) -> tuple[str | None, str]:
    """Ask for a paragraph about the lines.

    Returns:
        The paragraph, or None, and why there is none.
    """
    messages = [
        {"role": "system", "content": TASK},
        {"role": "user", "content": json.dumps(lines)},
    ]
    call = client.ask(messages, SCHEMA)
    if call.status != OK:
        return None, client.stopped_by or f"the call ended as {call.status}"
    try:
        paragraph = json.loads(call.content or "")["paragraph"]
        paragraph = " ".join(paragraph.split())
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, "the model gave no paragraph"
    if not paragraph or len(paragraph) > LONGEST:
        return None, f"the model gave no paragraph of at most {LONGEST} characters"
    if invented := invented_numbers(paragraph, lines):
        count = len(invented)
        return None, f"it held {count} number(s) that the data do not hold"
    return paragraph, ""
