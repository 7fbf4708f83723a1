"""What is said in a conversation, in the person's language."""

import csv
import json
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np

from demo.world.assistant.days import NO_CREDITS, Attempt, Day

PHRASES = Path(__file__).with_name("phrases.csv")

Line = tuple[str, str, str | None]  # role, content, tool


@cache
def read_phrases(language: str) -> dict[tuple[str, str], list[str]]:
    """Return the phrases of a language by kind and code."""
    phrases = defaultdict(list)
    with PHRASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            phrases[row["kind"], row["code"]].append(row[language])
    return phrases


def lines_of(
    rng: np.random.Generator,
    day: Day,
    attempts: list[Attempt],
    remarks: list[str],
    is_abandoned: bool,
) -> list[Line]:
    """Write one conversation: a wish, what came of it, and what is said of that.

    Args:
        rng: the draws.
        day: whose, and about what.
        attempts: what is tried in it.
        remarks: what the person says at its end.
        is_abandoned: whether the person leaves before the last answer.
    """
    phrases = read_phrases(day.user.language)
    thing = str(rng.choice(phrases["thing", ""]))
    wish = phrases["intent", day.intent][0].format(thing=thing)
    purpose = phrases.get(("use_case", day.use_case), [""])[0]
    lines: list[Line] = []
    for number, attempt in enumerate(attempts):
        asked = phrases["follow_up", ""][0] if number else f"{wish} {purpose}".strip()
        lines.append(("user", asked, None))
        if attempt.service and attempt.error != NO_CREDITS:
            result = {"status": "failed" if attempt.error else "ok"}
            if rng.random() < 0.05:
                result["requested_by"] = day.user.email
            lines.append(("tool", json.dumps(result), attempt.service))
        lines.append(("assistant", phrases["reply", _reply(attempt)][0], None))
    if is_abandoned:
        return lines[:-1]
    if remarks:
        lines.append(("user", " ".join(remarks), None))
        lines.append(("assistant", phrases["reply", "ask"][0], None))
    return lines


def remarks_of(day: Day) -> list[str]:
    """Return what a person says of the day, as its labels tell."""
    phrases = read_phrases(day.user.language)
    said = [("value", day.value_seen)]
    said += [("blocker", blocker) for blocker in day.blockers]
    said += [("feature_area", area) for area in day.feature_areas]
    said += [("payment", day.willingness_to_pay)]
    remarks = [phrases[one][0] for one in said if one in phrases]
    if day.satisfaction is not None:
        score = phrases["satisfaction", ""][0]
        remarks.append(score.format(score=day.satisfaction))
    return remarks


def _reply(attempt: Attempt) -> str:
    if attempt.error == NO_CREDITS:
        return "blocked"
    if attempt.error:
        return "failed"
    return "made" if attempt.service else "ask"
