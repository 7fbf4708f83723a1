"""How often a model is right: `python -m steps.insights evaluate`.

The demo ships labelled conversations. The configured model is asked about some of
them, as a run would, and its answers are held against the labels, whoever's data the
warehouse holds. It costs what so many calls cost, each time.
"""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from stand_ins.llm.chat_api import MODEL as STAND_IN
from steps.insights.agreement import accuracy, kappa
from steps.insights.asking import Asked, ask
from steps.insights.candidates import PersonDay, Thresholds
from steps.insights.client import Client
from steps.insights.labels import FIELDS, Fields, comparable, labelled_days
from steps.insights.prompt import PROMPT_VERSION
from steps.insights.questions import Questions, read_in_turn
from steps.insights.run import in_flight
from steps.insights.tables import EVALUATION, Answers, Subject
from steps.insights.tally import Tally
from steps.insights.texts import DayTexts, TextSource

DAYS = 100
NO_MODEL = "note: this is the stand-in, which looks for words, and no language model"


def evaluate(
    client: Client, questions: Questions, answers: Answers, thresholds: Thresholds
) -> str:
    """Ask about labelled days, and print how often the answers are right.

    Returns:
        What it took, and a warning if the model is below the thresholds.

    Raises:
        UserError: the demo's database or the tables do not work.
    """
    started, number = datetime.now(UTC), token_hex(8)
    tally = Tally()
    pairs: list[tuple[Fields, Fields]] = []

    def asked_about(item: tuple[PersonDay, DayTexts]) -> tuple[PersonDay, Asked]:
        day, said = item
        document = questions.document(said)
        return day, ask(client, questions.messages(document), questions.form.model)

    with labelled_days(DAYS) as labels:
        source = TextSource(labels.url, questions.limit)
        texts = read_in_turn(source, labels.days, tally)
        concurrency = client.endpoint.concurrency
        for done in in_flight(
            asked_about, texts, concurrency, lambda: bool(client.stopped_by)
        ):
            rows = []
            for day, asked in done:
                key = f"{number}-{day.user_key}-{day.day}"
                subject = Subject(key, EVALUATION, client.endpoint.model)
                rows += answers.call_rows(subject, asked.calls)
                tally.add(asked)
                if asked.answer:
                    said = comparable(asked.answer.model_dump())
                    pairs.append((labels.truth[day.user_key, day.day], said))
            answers.write({"calls": rows})
    about = {
        "evaluation_id": number,
        "model": client.endpoint.model,
        "prompt_version": PROMPT_VERSION,
        "evaluated_at": started,
    }
    results = [_result(name, pairs) for name in FIELDS]
    answers.write({"evaluations": [about | result for result in results]})
    _show(results)
    return "\n".join(_told(client, tally, results, thresholds))


def _result(field: str, pairs: list[tuple[Fields, Fields]]) -> dict[str, Any]:
    truth = [labels[field] for labels, _ in pairs]
    said = [fields[field] for _, fields in pairs]
    return {
        "field": field,
        "answers": len(pairs),
        "accuracy": accuracy(truth, said),
        "kappa": kappa(truth, said),
    }


def _show(results: list[dict[str, Any]]) -> None:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("field")
    for name in ("answers", "accuracy", "kappa"):
        table.add_column(name, justify="right")
    for result in results:
        shown = [
            "–" if result[name] is None else f"{result[name]:.2f}"
            for name in ("accuracy", "kappa")
        ]
        table.add_row(result["field"], str(result["answers"]), *shown)
    Console(soft_wrap=True).print(table)


def _told(
    client: Client,
    tally: Tally,
    results: list[dict[str, Any]],
    thresholds: Thresholds,
) -> list[str]:
    """Return the last lines: what it took, and whether the model is to be trusted."""
    model = client.endpoint.model
    lines = [f"evaluate: {model}, {tally.told(client)}"]
    weak = [
        result["field"]
        for result in results
        if (result["accuracy"] or 0) < thresholds.min_accuracy
        or (result["kappa"] is not None and result["kappa"] < thresholds.min_kappa)
    ]
    if weak:
        lines.append(
            f"warning: below an accuracy of {thresholds.min_accuracy:g} or a kappa of "
            f"{thresholds.min_kappa:g}: {', '.join(weak)}"
        )
    return [*lines, NO_MODEL] if model == STAND_IN else lines
