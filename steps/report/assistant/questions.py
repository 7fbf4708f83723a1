"""The four questions about the assistant, answered in a sentence or two each."""

from collections.abc import Iterable
from dataclasses import dataclass

from steps.report.assistant.data import (
    BLOCKERS,
    FEATURES,
    INTENTS,
    MARKET_FIT,
    SATISFACTION,
    WITHHELD,
    Assistant,
)
from steps.report.formats import Row, capitalised, share, words

MOST = 3
WEEK = "week_start_date"
MONTH = "month_start_date"
NOBODY_READ = "No model has read any conversation, so only what is measured is told."
BY_STAND_IN = "Read by a stand-in, not a language model."


@dataclass(frozen=True)
class Question:
    """A question and its answer.

    Attributes:
        key: Its name in a file or a link.
        text: The question.
        sentences: The answer: first what people did, then what a model read.
    """

    key: str
    text: str
    sentences: list[str]


def questions(assistant: Assistant) -> list[Question]:
    """Return the questions, with what the marts say."""
    asked = (
        ("value", "Are people getting value?", _value),
        ("use", "What do they try to do?", _use),
        ("blockers", "Where do they get stuck?", _blockers),
        ("money", "Will they pay?", _money),
    )
    return [
        Question(key, text, [*filter(None, answer(assistant))])
        for key, text, answer in asked
    ]


def headlines(assistant: Assistant) -> list[str]:
    """Return the first sentences of answers, and who read, for the front page."""
    if not assistant.is_loaded:
        return ["No assistant is loaded, or nobody has signed up for it yet."]
    answers = [one.sentences for one in questions(assistant) if one.sentences]
    found = [sentences[0] for sentences in answers[:MOST]]
    return [*found, reading(assistant)] if assistant.is_by_stand_in else found


def reading(assistant: Assistant) -> str:
    """Say who has read the conversations."""
    if not assistant.is_read:
        return NOBODY_READ
    models = ", ".join(assistant.models)
    note = f" {BY_STAND_IN}" if assistant.is_by_stand_in else ""
    return f"Conversations were read by {models}.{note}"


def _value(assistant: Assistant) -> Iterable[str]:
    steps = {step: (people, part) for step, people, part in assistant.funnel}
    if steps:
        made, kept = steps["made_result"], steps["kept_result"]
        yield (
            f"Of {steps['signed_up'][0]:,} who signed up, {share(made[1])} made a "
            f"result and {share(kept[1])} kept one: downloaded or shared it."
        )
    for day, (back, people) in assistant.returned.items():
        if day > 1:
            yield (
                f"{share(back / people)} of {people:,} came back on day {day} after "
                "signing up."
            )
    yield _signals(assistant)
    yield _most(assistant, SATISFACTION, "value_seen", "value was seen: ", with_n=True)
    for row in assistant.latest(SATISFACTION, WEEK, "satisfaction"):
        if row["average_satisfaction"] is not None:
            yield (
                f"{row['people']:,} people said how satisfied they are: "
                f"{row['average_satisfaction']:.1f} of 10 on average."
            )


def _use(assistant: Assistant) -> Iterable[str]:
    yield _most(assistant, INTENTS, "primary_intent", "they wanted most: ", with_n=True)
    yield _most(assistant, INTENTS, "use_case", "they need it for: ")


def _blockers(assistant: Assistant) -> Iterable[str]:
    rows = assistant.latest(BLOCKERS, WEEK)
    for row in rows:
        if row["blocker"] == "tool_failed" and row["active_assistant_users"]:
            yield (
                f"In the week of {row[WEEK]} a tool failed for "
                f"{row['seen_users']:,} of {row['active_assistant_users']:,} people."
            )
    told = [(row["blocker"], row) for row in rows if row["people"] is not None]
    yield _listed("read in conversations: ", told)
    wanted = [(row["feature_area"], row) for row in assistant.latest(FEATURES, MONTH)]
    yield _listed("asked for most, in the last month: ", wanted)


def _money(assistant: Assistant) -> Iterable[str]:
    counts = assistant.credits
    people, exhausted = counts["assistant_signups"], counts["exhausted_users"]
    if people:
        yield (
            f"{exhausted:,} of {people:,} people ({share(exhausted / people)}) used up "
            "their credits."
        )
    if exhausted:
        back = counts["users_back_without_credits"]
        yield f"{share(back / exhausted)} of these came back on a later day."
    yield _most(
        assistant, SATISFACTION, "willingness_to_pay", "would they pay, as read: "
    )


def _signals(assistant: Assistant) -> str:
    """List the signals of product-market fit that say something."""
    rows = assistant.latest(MARKET_FIT, WEEK)
    verdicts = {
        verdict: [
            words(row["signal_name"])
            for row in rows
            if row["market_fit_verdict"] == verdict
        ]
        for verdict in ("strong", "weak")
    }
    told = [
        f"{verdict}: {', '.join(names)}" for verdict, names in verdicts.items() if names
    ]
    return f"Signals of product-market fit, {'; '.join(told)}." if told else ""


def _most(
    assistant: Assistant, mart: str, facet: str, start: str, *, with_n: bool = False
) -> str:
    rows = assistant.latest(mart, WEEK, facet)
    if with_n and rows and rows[0]["period_answers"]:
        start = (
            f"in the week of {rows[0][WEEK]}, of {rows[0]['period_answers']:,} days of "
            f"people, {start}"
        )
    return _listed(start, [(row["code"], row) for row in rows])


def _listed(start: str, rows: list[tuple[str, Row]]) -> str:
    """List the largest groups; none if all are withheld."""
    shown = [
        f"{words(name)} {share(row['answer_share'])}"
        for name, row in rows
        if name != WITHHELD
    ]
    return f"{capitalised(start)}{', '.join(shown[:MOST])}." if shown else ""
