"""Ask about one thing: once, and once more if the answer has not the form."""

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import BaseModel

from steps.insights.answers import parse
from steps.insights.client import INVALID, OK, Call, Client, Message
from steps.insights.prompt import SHAPE_AGAIN


@dataclass(frozen=True)
class Asked:
    """What was asked, and the answer if there is a valid one."""

    calls: list[Call]
    answer: BaseModel | None = None


@cache
def schema_of(form: type[BaseModel]) -> dict[str, Any]:
    """Return a form as JSON Schema says it."""
    return form.model_json_schema()


def ask(client: Client, messages: list[Message], form: type[BaseModel]) -> Asked:
    """Ask for an answer of a form."""
    schema = schema_of(form)
    first = client.ask(messages, schema)
    if first.status != OK:
        return Asked([first])
    if answer := parse(form, first.content):
        return Asked([first], answer)
    first = replace(first, status=INVALID)
    if client.stopped_by:
        return Asked([first])
    again = {"role": "user", "content": SHAPE_AGAIN + json.dumps(schema)}
    second = client.ask([*messages, again], schema)
    answer = parse(form, second.content) if second.status == OK else None
    if second.status == OK and answer is None:
        second = replace(second, status=INVALID)
    return Asked([first, second], answer)
