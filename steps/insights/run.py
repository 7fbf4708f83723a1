"""A run: the chosen days, one after the other, with several calls in flight.

What is answered is written at once, in one transaction with the calls that it took: a
run that is killed has lost no more than what was in flight.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from steps.insights.answers import LONGEST_NOTE
from steps.insights.asking import Asked, ask, schema_of
from steps.insights.candidates import PersonDay
from steps.insights.client import Client
from steps.insights.documents import Document
from steps.insights.prompt import PROMPT_VERSION
from steps.insights.questions import Questions
from steps.insights.redaction import REDACTOR_VERSION, Redactor
from steps.insights.tables import FACETS, Answers, Subject
from steps.insights.tally import KNOWN, NOT_ASKED, WITHOUT_TEXTS, Tally
from steps.insights.texts import DayTexts
from warehouse.progress import doing

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome:
    """What became of a day.

    Attributes:
        asked: None if it was not asked about.
        note: redacted.
    """

    day: PersonDay
    cache_key: str
    document: Document
    asked: Asked | None = None
    note: str | None = None
    redactions: int = 0


def answer_days(
    client: Client,
    questions: Questions,
    answers: Answers,
    texts: Iterable[tuple[PersonDay, DayTexts]],
    tally: Tally,
) -> None:
    """Ask about each day that has no answer yet, until the client stops.

    Raises:
        UserError: the source cannot be read, or the tables not be written.
    """

    def outcome_of(item: tuple[PersonDay, DayTexts]) -> Outcome:
        day, said = item
        document = questions.document(said)
        key = questions.cache_key(day, document)
        if key in answers.settled or client.stopped_by:
            return Outcome(day, key, document)
        messages = questions.messages(document)
        asked = ask(client, messages, questions.form.model)
        redactor = Redactor(said.names)
        note = asked.answer and asked.answer.note
        redacted = redactor.redact(note)[:LONGEST_NOTE] if note else None
        return Outcome(day, key, document, asked, redacted or None, redactor.count)

    doing("asking about days of people")
    for outcomes in in_flight(
        outcome_of, texts, client.endpoint.concurrency, lambda: bool(client.stopped_by)
    ):
        rows: dict[str, list[dict[str, Any]]] = {}
        for outcome in outcomes:
            _count(tally, outcome, outcome.cache_key in answers.settled)
            doing(f"days of people: {sum(tally.days.values()):,} answered")
            if outcome.asked:
                for table, added in _rows(outcome, questions, answers).items():
                    rows.setdefault(table, []).extend(added)
        if rows:
            answers.write(rows)


def plan_days(
    client: Client,
    questions: Questions,
    answers: Answers,
    texts: Iterable[tuple[PersonDay, DayTexts]],
    tally: Tally,
) -> str:
    """Return what a run would ask and cost at most; nothing is sent.

    Raises:
        UserError: the source cannot be read.
    """
    most, sent, days = Decimal(0), 0, 0
    for day, said in texts:
        document = questions.document(said)
        if questions.cache_key(day, document) in answers.settled:
            tally.days[KNOWN] += 1
            continue
        messages = questions.messages(document)
        tokens, cost = client.most(messages, schema_of(questions.form.model))
        days, sent, most = days + 1, sent + tokens, most + cost
    currency = client.price.currency
    return (
        f"insights: {questions.model} would be asked about {days:,} days, "
        f"{tally.days[KNOWN]:,} are known and {tally.days[WITHOUT_TEXTS]:,} without "
        f"texts; at most {sent:,} tokens and {most:.4f} {currency} with retries, of "
        f"which LLM_BUDGET allows {client.budget.limit}; nothing is sent"
    )


def in_flight(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    concurrency: int,
    is_stopped: Callable[[], bool],
) -> Iterator[list[Result]]:
    """Yield what a function returns for items, as soon as it does.

    Args:
        function: What takes long, and runs in threads.
        items: Of which only as many are taken as are needed.
        concurrency: How many threads there are.
        is_stopped: Tells that no more items are to be taken.
    """
    pending: set[Future[Result]] = set()
    with ThreadPoolExecutor(concurrency) as pool:
        try:
            for item in items:
                pending.add(pool.submit(function, item))
                # what has ended is yielded at once; of too many one is waited for
                seconds = None if len(pending) >= 2 * concurrency else 0
                done, pending = wait(pending, seconds, FIRST_COMPLETED)
                yield [future.result() for future in done]
                if is_stopped():
                    break
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield [future.result() for future in done]
        finally:
            for future in pending:  # nobody would keep what they bring
                future.cancel()


def _count(tally: Tally, outcome: Outcome, is_known: bool) -> None:
    if outcome.asked:
        tally.add(outcome.asked)
    else:
        tally.days[KNOWN if is_known else NOT_ASKED] += 1


def _rows(
    outcome: Outcome, questions: Questions, answers: Answers
) -> dict[str, list[dict[str, Any]]]:
    """Return what is kept of an outcome, by table."""
    day, asked, key = outcome.day, outcome.asked, outcome.cache_key
    subject = Subject(key, FACETS, questions.model, day.user_key, day.day)
    rows = {"calls": answers.call_rows(subject, asked.calls)}
    if asked.answer is None:
        return rows
    fields = asked.answer.model_dump()
    items = {
        "blocker": fields.pop("blockers"),
        "feature_area": fields.pop("feature_areas"),
    }
    facets = fields | {
        "cache_key": key,
        "user_key": day.user_key,
        "day": day.day,
        "prompt_version": PROMPT_VERSION,
        "schema_version": questions.form.version,
        "redactor_version": REDACTOR_VERSION,
        "model": questions.model,
        "conversation_count": outcome.document.conversations,
        "note": outcome.note,
        "redaction_count": outcome.document.redactions + outcome.redactions,
        "answered_at": datetime.now(UTC),
    }
    return rows | {
        "facets": [facets],
        "facet_items": [
            {"cache_key": key, "kind": kind, "code": code}
            for kind, codes in items.items()
            for code in sorted(set(codes))
        ],
    }
