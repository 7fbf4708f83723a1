"""The database of the assistant, the labels of the truth, and what must not leak."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from demo.world.assistant.days import NO_CREDITS, Attempt, Day, draw_days
from demo.world.assistant.personal import INJECTIONS, draw_disclosure
from demo.world.assistant.talk import lines_of, remarks_of
from demo.world.assistant.users import User, draw_users
from demo.world.draw import generator, uuids
from demo.world.identities import Identities
from demo.world.scale import DAY, END, HOUR, MINUTE, SECOND, Scale

DISCLOSURES = 0.15
INJECTED = 0.02
WITHOUT_CONVERSATION = 0.03
UNKNOWN_SERVICE = "music_gen"

Rows = dict[str, list[dict[str, Any]]]


def assistant_world(
    scale: Scale, identities: Identities
) -> tuple[dict[str, pa.Table], pa.Table, set[str]]:
    """Build the assistant.

    Returns:
        The tables of its database, the labels of the truth, and every value that
        must reach no warehouse and no model.
    """
    rng = generator(scale, "assistant")
    users = draw_users(scale, identities)
    rows: Rows = defaultdict(list)
    rows["users"] = [_user_row(user) for user in users]
    labels, personal = [], set()
    for user in users:
        personal |= user.personal_values()
        for day in draw_days(rng, user):
            labels.append(_label(day))
            personal |= _write_day(rng, rows, day)
    tables = {name: pa.Table.from_pylist(found) for name, found in rows.items()}
    for name in ("messages", "user_actions"):
        ids = uuids(rng, len(tables[name]))
        tables[name] = tables[name].add_column(0, "id", ids)
    return tables, pa.Table.from_pylist(labels), personal


def _user_row(user: User) -> dict[str, Any]:
    return {
        "id": user.user_id,
        "email": user.email,
        "name": f"{user.first} {user.last}",
        "plan": user.plan,
        "credit_allowance": user.allowance,
        "analytics_consent": user.consent,
        "created_at": _time(user.signed_up_at),
        "deleted_at": _time(user.deleted_at),
    }


def _label(day: Day) -> dict[str, Any]:
    return {
        "user_id": day.user.user_id,
        "day": _time(day.day).date(),
        "primary_intent": day.intent,
        "use_case": day.use_case,
        "value_seen": day.value_seen,
        "blockers": "|".join(day.blockers),
        "feature_areas": "|".join(day.feature_areas),
        "satisfaction": day.satisfaction,
        "willingness_to_pay": day.willingness_to_pay,
        "language": day.user.language,
    }


def _write_day(rng: np.random.Generator, rows: Rows, day: Day) -> set[str]:
    """Write the rows of a day; return the personal values that were disclosed."""
    disclosed = set()
    at = max(day.day + int(rng.integers(7 * HOUR, 21 * HOUR)), day.user.signed_up_at)
    for number, attempts in enumerate(day.conversations):
        is_first = number == 0
        at += int(rng.integers(MINUTE, 40 * MINUTE))
        remarks = remarks_of(day) if is_first else []
        lines = lines_of(rng, day, attempts, remarks, is_first and day.is_abandoned)
        role, content, tool = lines[0]
        if rng.random() < DISCLOSURES:
            sentence, value = draw_disclosure(rng, day.user)
            content += f" {sentence}"
            disclosed.add(value)
        if rng.random() < INJECTED:
            content += f" {INJECTIONS[rng.integers(len(INJECTIONS))]}"
        lines[0] = role, content, tool
        at = _write_conversation(rng, rows, day, (attempts, lines), at, is_first)
    if rng.random() < WITHOUT_CONVERSATION:
        job = Attempt(UNKNOWN_SERVICE, None if rng.random() < 0.5 else "E_MUSIC")
        _write_job(rng, rows, day, job, None, at, MINUTE)
    return disclosed


def _write_conversation(
    rng: np.random.Generator,
    rows: Rows,
    day: Day,
    said: tuple[list[Attempt], list[tuple[str, str, str | None]]],
    at: int,
    is_first: bool,
) -> int:
    """Write one conversation with its jobs and actions; return when it ended."""
    attempts, lines = said
    conversation_id = uuids(rng, 1)[0].as_py()
    started_at = at
    is_slow = is_first and "slow" in day.blockers
    waiting = iter(attempts)
    for role, content, tool in lines:
        rows["messages"].append(
            {
                "conversation_id": conversation_id,
                "role": role,
                "content": content,
                "tool_name": tool,
                "created_at": _time(at),
            }
        )
        attempt = next(waiting, None) if role == "user" else None
        if attempt and attempt.service:
            duration = int(rng.integers(4, 9) * MINUTE if is_slow else 20 * SECOND)
            _write_job(rng, rows, day, attempt, conversation_id, at, duration)
            at += duration
        at += int(rng.integers(5, 60)) * SECOND
    is_deleted = not is_first and rng.random() < 0.1
    rows["conversations"].append(
        {
            "id": conversation_id,
            "user_id": day.user.user_id,
            "title": f"{day.user.first} {day.user.last}: {day.intent}",
            "metadata": json.dumps({"client": "web", "user": day.user.email}),
            "started_at": _time(started_at),
            "last_message_at": rows["messages"][-1]["created_at"],
            "deleted_at": _time(min(at + DAY, END - 1) if is_deleted else None),
        }
    )
    return at


def _write_job(
    rng: np.random.Generator,
    rows: Rows,
    day: Day,
    attempt: Attempt,
    conversation_id: str | None,
    at: int,
    duration: int,
) -> None:
    """Write a job, and whether its result was taken away or the credits ended."""
    job_id = uuids(rng, 1)[0].as_py()
    is_started = attempt.error != NO_CREDITS
    ended_at = at + duration
    rows["service_jobs"].append(
        {
            "id": job_id,
            "user_id": day.user.user_id,
            "conversation_id": conversation_id,
            "service": attempt.service,
            "status": "failed" if attempt.error else "completed",
            "error_code": attempt.error,
            "error_message": f"{attempt.error}: asked by {day.user.email}"
            if attempt.error
            else None,
            "credits_used": attempt.credits,
            "created_at": _time(at),
            "started_at": _time(at + SECOND if is_started else None),
            "completed_at": _time(ended_at if is_started else None),
        }
    )
    actions = [] if is_started else ["credit_limit"]
    if not attempt.error:
        likely = 0.7 if day.value_seen == "yes" else 0.15
        actions += ["download"] * (rng.random() < likely)
        actions += ["share"] * (rng.random() < likely / 4)
    for action in actions:
        metadata = {"job_id": job_id, "format": "png", "to": day.user.email}
        rows["user_actions"].append(
            {
                "user_id": day.user.user_id,
                "action": action,
                "metadata": json.dumps(metadata),
                "created_at": _time(ended_at + 2 * SECOND),
            }
        )


def _time(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at / SECOND, UTC)
