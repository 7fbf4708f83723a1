"""What is asked about a day: its texts in turn, and how a question is known again."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from steps.insights.answers import AnswerForm
from steps.insights.candidates import PersonDay
from steps.insights.client import Message
from steps.insights.documents import Document, redacted_document
from steps.insights.prompt import PROMPT_VERSION, messages_about
from steps.insights.redaction import REDACTOR_VERSION
from steps.insights.tally import WITHOUT_TEXTS, Tally
from steps.insights.texts import DayTexts, TextSource

DAYS_PER_READ = 200


@dataclass(frozen=True)
class Questions:
    """How to ask about a day.

    Attributes:
        limit: characters of a document.
        hash_key: of the keyed hashes, so that nobody can guess a text from its key.
    """

    form: AnswerForm
    model: str
    limit: int
    hash_key: str

    def document(self, texts: DayTexts) -> Document:
        """Return what may be sent about a day."""
        return redacted_document(texts, self.limit)

    def cache_key(self, day: PersonDay, document: Document) -> str:
        """Return the hash of all that an answer hangs on."""
        versions = (PROMPT_VERSION, self.form.version, REDACTOR_VERSION, self.model)
        parts = (day.user_key, day.day.isoformat(), *versions, document.text)
        content = "\n".join(parts).encode()
        return hmac.new(self.hash_key.encode(), content, hashlib.sha256).hexdigest()

    def messages(self, document: Document) -> list[Message]:
        """Return what is sent about a day."""
        return messages_about(document.text, self.form)


def read_in_turn(
    source: TextSource, days: list[PersonDay], tally: Tally
) -> Iterator[tuple[PersonDay, DayTexts]]:
    """Yield the texts of days, of which a bounded number is in memory at a time.

    Nothing is open in the source while the model is asked.
    """
    for start in range(0, len(days), DAYS_PER_READ):
        batch = days[start : start + DAYS_PER_READ]
        texts = source.read(batch)
        tally.days[WITHOUT_TEXTS] += len(batch) - len(texts)
        yield from texts
