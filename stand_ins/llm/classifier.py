"""The "model": it looks for words, and knows nothing else.

Which of its three tasks is meant it sees by what the system prompt asks to be answered.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml

KEYWORDS = Path(__file__).with_name("keywords.yml")
SCORE = re.compile(r"\b(10|\d)\s*(?:/|out of|von|de|sur|من)\s*10\b", re.IGNORECASE)
LANGUAGES = {
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "de": re.compile(r"\b(bitte|ich|nicht|für|das|ein|der|und)\b", re.IGNORECASE),
    "es": re.compile(r"\b(por favor|para|una|que|muy|con|esto)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(merci|pour|une|est|avec|je|pas)\b", re.IGNORECASE),
}

Json = dict[str, Any]


def answer_to(messages: list[dict[str, str]]) -> Json:
    """Return the answer to a conversation with the model."""
    task, *others = [one["content"] for one in messages]
    document = next((found for found in map(_parsed, others) if found), {})
    if "assignments" in task:
        return _assignments(document)
    if "themes" in task:
        return _themes(document)
    return _classified(document)


def _parsed(text: str) -> Json | None:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


@cache
def _keywords() -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load(KEYWORDS.read_text(encoding="utf-8"))


def _codes(kind: str, text: str) -> list[str]:
    """Return the codes of which a word stands in a text, in their order."""
    return [
        code
        for code, words in _keywords()[kind].items()
        if any(word in text for word in words)
    ]


def _classified(document: Json) -> Json:
    said = [
        message["text"].lower()
        for talk in document.get("conversations", ())
        for message in talk
        if message["role"] == "user"
    ]
    text = "\n".join(said)
    score = SCORE.search(text)
    notes = _codes("notes", text)
    first = said[0] if said else ""
    return {
        "primary_intent": (*_codes("intents", first), "other")[0],
        "use_case": (*_codes("use_cases", text), "other")[0],
        "value_seen": (*_codes("value_seen", text), "unclear")[0],
        "blockers": _codes("blockers", text),
        "feature_areas": _codes("feature_areas", text),
        "satisfaction": int(score[1]) if score else None,
        "willingness_to_pay": (*_codes("willingness_to_pay", text), "none")[0],
        "language": _language(text),
        "note": notes[0] if notes else None,
    }


def _language(text: str) -> str:
    counts = {code: len(words.findall(text)) for code, words in LANGUAGES.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] else "en"


def _themes(document: Json) -> Json:
    """Name each note after itself: equal notes are one theme."""
    names = [*document.get("known", ())]
    for note in document.get("notes", ()):
        if note["text"] not in names:
            names.append(note["text"])
    return {"themes": names}


def _assignments(document: Json) -> Json:
    """Give a note the theme that is called like it."""
    themes = document.get("themes", ())
    return {
        "assignments": [
            {
                "note": note["number"],
                "theme": themes.index(note["text"]) + 1
                if note["text"] in themes
                else None,
            }
            for note in document.get("notes", ())
        ]
    }
