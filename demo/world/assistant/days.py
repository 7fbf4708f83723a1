"""What people try on each day, and what comes of it: the truth of the labels.

Credits are spent in order of time. Who got value comes back sooner, and who has no
credits left seldom does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from demo.world.assistant.users import INTENTS, USE_CASES, User
from demo.world.scale import DAY, END

SERVICES = {
    "make_image": "image_gen",
    "edit_image": "image_edit",
    "make_video": "video_gen",
    "search": "search",
}
CREDITS = {"image_gen": 4, "image_edit": 2, "video_gen": 12, "search": 1}
FAILS = {"image_gen": 0.07, "image_edit": 0.1, "video_gen": 0.24, "search": 0.04}
ERRORS = ("TIMEOUT", "provider_error", "content_policy", "RATE_LIMITED", "E4711")
NO_CREDITS = "insufficient_credits"
REMARKS = {
    "slow": 0.06,
    "low_quality": 0.08,
    "misunderstood": 0.06,
    "missing_feature": 0.07,
    "price": 0.04,
    "other": 0.04,
}
FEATURE_AREAS = (
    [
        "export_formats",
        "templates",
        "editing_tools",
        "longer_videos",
        "team_sharing",
        "mobile_app",
        "integrations",
        "api",
        "pricing_plans",
        "other",
    ],
    [0.22, 0.13, 0.14, 0.12, 0.1, 0.08, 0.06, 0.04, 0.05, 0.06],
)
OTHER_USE_CASE = 0.15  # of the days are about something else than usual
FIRST_DAY = 0.85
ENTHUSIASM = {"yes": 1.3, "unclear": 1.0, "no": 0.6}
AFTER_THE_CREDITS = 0.5


@dataclass(frozen=True)
class Attempt:
    """One thing asked for; `error` tells why it failed, `credits` what it cost."""

    service: str | None
    error: str | None = None
    credits: int = 0


@dataclass(frozen=True)
class Day:
    """One person's day; what is said is said in the first of its conversations."""

    user: User
    day: int
    intent: str
    use_case: str
    conversations: list[list[Attempt]]
    is_abandoned: bool
    value_seen: str = "unclear"
    blockers: list[str] = field(default_factory=list)
    feature_areas: list[str] = field(default_factory=list)
    satisfaction: int | None = None
    willingness_to_pay: str = "none"

    @property
    def attempts(self) -> list[Attempt]:
        """All attempts of the day."""
        return [attempt for talk in self.conversations for attempt in talk]


def draw_days(rng: np.random.Generator, user: User) -> Iterator[Day]:
    """Yield the days on which a person talked to the assistant."""
    left, mood, age = user.credits, 1.0, 0
    until = user.deleted_at or END
    for day in range(user.signed_up_at // DAY * DAY, until // DAY * DAY, DAY):
        share = min(0.9, user.active_share * mood * 0.99**age) if age else FIRST_DAY
        age += 1
        if rng.random() >= share:
            continue
        drawn = _day(rng, user, day, left)
        left -= sum(attempt.credits for attempt in drawn.attempts)
        mood = ENTHUSIASM[drawn.value_seen]
        if "out_of_credits" in drawn.blockers:
            mood = AFTER_THE_CREDITS
        yield drawn


def _day(rng: np.random.Generator, user: User, day: int, left: int) -> Day:
    intent = str(rng.choice(INTENTS[0], p=user.intents))
    use_case = user.use_case
    if rng.random() < OTHER_USE_CASE:
        use_case = str(rng.choice(USE_CASES[0], p=USE_CASES[1]))
    talks = []
    for _ in range(1 + (rng.random() < 0.3)):
        talk = _attempts(rng, SERVICES.get(intent), left)
        left -= sum(attempt.credits for attempt in talk)
        talks.append(talk)
        if talk[-1].error == NO_CREDITS:
            break
    is_blocked = talks[-1][-1].error == NO_CREDITS
    if not is_blocked and rng.random() < 0.08:
        return Day(user, day, intent, use_case, talks, is_abandoned=True)
    return _with_remarks(rng, Day(user, day, intent, use_case, talks, False))


def _attempts(
    rng: np.random.Generator, service: str | None, left: int
) -> list[Attempt]:
    """Draw the attempts of one conversation: they end where the credits end."""
    attempts = []
    for _ in range(int(rng.integers(1, 4))):
        if service is None:
            attempts.append(Attempt(None))
        elif CREDITS[service] > left:
            return [*attempts, Attempt(service, NO_CREDITS)]
        elif rng.random() < FAILS[service]:
            error = ERRORS[rng.choice(5, p=[0.35, 0.25, 0.2, 0.15, 0.05])]
            attempts.append(Attempt(service, error))
        else:
            attempts.append(Attempt(service, None, CREDITS[service]))
            left -= CREDITS[service]
    return attempts


def _with_remarks(rng: np.random.Generator, day: Day) -> Day:
    """Return the day with what the person says of it."""
    errors = {attempt.error for attempt in day.attempts}
    is_blocked = NO_CREDITS in errors
    blockers = ["out_of_credits"] if is_blocked else []
    if errors - {None, NO_CREDITS}:
        blockers.append("tool_failed")
    blockers += [name for name, share in REMARKS.items() if rng.random() < share]
    got_something = None in errors
    value = "unclear"
    if got_something and rng.random() < (0.75 if not blockers else 0.25):
        value = "yes"
    elif blockers and rng.random() < 0.6:
        value = "no"
    areas = []
    if "missing_feature" in blockers or rng.random() < 0.1:
        areas = [str(rng.choice(FEATURE_AREAS[0], p=FEATURE_AREAS[1]))]
    satisfaction = None
    if rng.random() < 0.3:
        middle = {"yes": 8, "unclear": 6, "no": 3}[value]
        satisfaction = middle + int(rng.integers(-2, 3))
    payment = rng.choice(
        ["none", "hint", "said"], p=[0.6, 0.2, 0.2] if is_blocked else [0.9, 0.06, 0.04]
    )
    return replace(
        day,
        value_seen=value,
        blockers=blockers,
        feature_areas=areas,
        satisfaction=satisfaction,
        willingness_to_pay=str(payment),
    )
