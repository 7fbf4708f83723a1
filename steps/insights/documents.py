"""The texts of a day as they may be sent: redacted, and no longer than allowed."""

from dataclasses import dataclass

from steps.insights.prompt import as_document
from steps.insights.redaction import LONGEST_WORD, Redactor
from steps.insights.texts import Conversation, DayTexts

LEFT_OUT = "[...]"


@dataclass(frozen=True)
class Document:
    """What may be sent about a day.

    Attributes:
        text: JSON.
        redactions: places that were redacted.
        conversations: how many there were, whether or not all of them are in it.
    """

    text: str
    redactions: int
    conversations: int


def redacted_document(texts: DayTexts, limit: int) -> Document:
    """Return what may be sent about a day.

    Args:
        texts: Of one person's day.
        limit: Characters; of more, the beginning and the end are kept.
    """
    redactions, told = 0, []
    for talk in _shortened(texts.conversations, limit):
        redactor = Redactor(texts.names)
        told.append([(role, _redacted(redactor, parts)) for role, parts in talk])
        redactions += redactor.count
    return Document(as_document(told), redactions, len(texts.conversations))


def _shortened(talks: list[Conversation], limit: int) -> list[Conversation]:
    """Leave out messages in the middle of a day, if there are too many characters."""
    messages = [
        (number, role, _cut(parts, limit))
        for number, talk in enumerate(talks)
        for role, parts in talk
    ]
    kept = set()
    for order in (range(len(messages)), range(len(messages) - 1, -1, -1)):
        room = limit // 2
        for at in order:
            room -= sum(map(len, messages[at][2]))
            if room < 0:
                break
            kept.add(at)
    shortened: list[Conversation] = [[] for _ in talks]
    for at, (number, role, parts) in enumerate(messages):
        if at in kept:
            shortened[number].append((role, parts))
        elif at - 1 in kept:
            shortened[number].append((role, [LEFT_OUT]))
    return [talk for talk in shortened if talk]


def _cut(parts: list[str], limit: int) -> list[str]:
    """Keep both ends of a text that alone would take all the room."""
    most = limit // 4
    if len(parts) == 1 and len(parts[0]) <= 2 * most:
        return parts
    return [parts[0][:most], parts[-1][-most:]]


def _redacted(redactor: Redactor, parts: list[str]) -> str:
    """Redact a text; what a cut has halved, no rule would know, so it goes."""
    if len(parts) == 1:
        return redactor.redact(parts[0])
    head, tail = map(redactor.redact, parts)
    return f"{head[:-LONGEST_WORD]} {LEFT_OUT} {tail[LONGEST_WORD:]}"
