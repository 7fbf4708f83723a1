"""A paragraph of a model above the lines, if it says no number but theirs."""

import hashlib
import json
import re

from pydantic import BaseModel, ConfigDict, Field

from steps.insights.asking import ask
from steps.insights.client import Client
from steps.insights.tables import Answers, Subject

PURPOSE = "prose"
TASK = (
    "You write one paragraph of at most 80 words for the owner of a product, in plain "
    "English: what changed, and what deserves a look. The user message is a JSON list "
    "of measured lines. Write numbers in digits, exactly as they stand there, and none "
    "that does not. Give no reasons that the lines do not give."
)
LONGEST = 800
# a date is one number; of others the percent sign is a part
NUMBER = re.compile(r"\d{4}-\d\d-\d\d|\d+(?:[.,]\d+)*(?:\s?%)?")
NUMBER_WORD = re.compile(
    r"[½¼¾⅐-↉]|\b(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"\w+ty-\w+|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|"
    r"thousands?|millions?|dozens?|half|halved|thirds?|quarters?|twice|twofold|"
    r"thrice|doubled?|tripled?|\w+fold)\b",
    re.IGNORECASE,
)


class Prose(BaseModel):
    """What the model is to answer."""

    # it is asked for nothing else, and what else it says is not read
    model_config = ConfigDict(
        str_strip_whitespace=True, json_schema_extra={"additionalProperties": False}
    )
    paragraph: str = Field(min_length=1, max_length=LONGEST)


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, written alike."""
    return {re.sub(r"[,\s]", "", found) for found in NUMBER.findall(text)} | {
        found.lower() for found in NUMBER_WORD.findall(text)
    }


def invented_numbers(paragraph: str, lines: list[str]) -> set[str]:
    """Return the numbers of a paragraph that none of the lines holds."""
    return numbers(paragraph) - numbers("\n".join(lines))


def write_prose(
    client: Client, answers: Answers, lines: list[str]
) -> tuple[str | None, str]:
    """Ask for a paragraph about the lines, and record what that took.

    Returns:
        The paragraph, or None, and why there is none.

    Raises:
        UserError: the calls cannot be recorded.
    """
    content = json.dumps(lines)
    messages = [
        {"role": "system", "content": TASK},
        {"role": "user", "content": content},
    ]
    asked = ask(client, messages, Prose)
    key = hashlib.sha256(f"{PURPOSE}{TASK}{content}".encode()).hexdigest()
    subject = Subject(key, PURPOSE, client.endpoint.model)
    answers.write({"calls": answers.call_rows(subject, asked.calls)})
    if asked.answer is None:
        status = asked.calls[-1].status
        return None, client.stopped_by or f"the call ended as {status}"
    paragraph = " ".join(asked.answer.paragraph.split())
    if invented := invented_numbers(paragraph, lines):
        count = len(invented)
        return None, f"it held {count} number(s) that the data do not hold"
    return paragraph, ""
