"""The cells of one campaign, from the people one by one."""

from collections import defaultdict
from datetime import datetime
from hashlib import md5
from statistics import median

from tests.integration.matched_brute_force.people import POST, People, count
from tests.integration.matched_brute_force.subject import DAY, HOUR, SHORTEST, Subject

REACHABLE = 180 * DAY
WEEKS = range(9)
RECIPIENTS = ("recipient", "overlapping")


def control_arm(people: People, user: str, at: datetime) -> str | None:
    """Tell what kind of control a person is at an instant, None if none."""
    sends = people.pushes[user]
    if people.observed_from[user] + SHORTEST > at:
        return None
    if any(at - POST <= sent < at for sent in sends):
        return None
    is_reachable = any(at - REACHABLE <= sent < at for sent in sends)
    return "reachable" if is_reachable else "unreachable"


def control_subjects(
    people: People,
    campaign: str,
    recipients: list[Subject],
    sends: dict[str, datetime],
    is_rolling: bool,
) -> list[Subject]:
    """Return every control once, at the hour of the smallest hash in the box."""
    traits = [subject.traits for subject in recipients if subject.has_baseline]
    box = [(min(values), max(values)) for values in zip(*traits, strict=True)]
    hours = {
        subject.at.replace(minute=0, second=0, microsecond=0) for subject in recipients
    }
    subjects = []
    for user in people.observed_from:
        received_at = sends.get(user)
        for weeks in WEEKS:
            found = {}
            for hour in hours:
                at = hour - weeks * 7 * DAY
                arm = control_arm(people, user, at)
                if arm is None or (
                    weeks == 0
                    and received_at is not None
                    and not (is_rolling and received_at >= hour + HOUR)
                ):
                    continue
                subject = Subject(people, user, arm, weeks, at, received_at)
                if subject.has_baseline and all(
                    least <= value <= most
                    for value, (least, most) in zip(subject.traits, box, strict=True)
                ):
                    text = f"{user}{campaign}{round(hour.timestamp())}"
                    digest = md5(text.encode(), usedforsecurity=False).hexdigest()
                    found[digest] = subject
            if found:
                subjects.append(found[min(found)])
    return subjects


def matched_cells(
    people: People,
    campaign: str,
    included: list[str],
    sends: dict[str, datetime],
    metrics: list[str],
    *,
    is_rolling: bool,
) -> dict[tuple, tuple[int, ...]]:
    """Add up the people of every cell of one campaign.

    Args:
        people: Everybody who counts.
        campaign: Its campaign_key.
        included: Its included recipients.
        sends: When each of its recipients got it, the others too.
        metrics: Names of the metrics.
        is_rolling: Whether people enter the campaign while it is sent.

    Returns:
        The sums of each (metric, arm, weeks, support cell, counts).
    """
    recipients = []
    for user in included:
        at = sends[user]
        is_overlapping = count(people.pushes[user], at - POST, at) > 0
        arm = "overlapping" if is_overlapping else "recipient"
        recipients.append(Subject(people, user, arm, 0, at, at))
    controls = control_subjects(people, campaign, recipients, sends, is_rolling)
    cells: defaultdict[tuple, list[int]] = defaultdict(lambda: [0] * 6)
    for metric in metrics:
        positive = [subject.counts(metric)[2] for subject in recipients]
        middle = median([rate for rate in positive if rate > 0] or [0])
        placed = []
        for subject in recipients + controls:
            counts = subject.counts(metric)
            rate_class = (counts[2] > 0) + (counts[2] > 0 and counts[2] >= middle)
            cell = subject.activity_class
            cell = cell if cell == -1 else cell + 15 * rate_class
            placed.append(
                (subject, (metric, subject.arm, subject.weeks, cell, *counts))
            )
        reached = {key[3] for subject, key in placed if subject.arm in RECIPIENTS}
        for subject, key in placed:
            if key[3] in reached:
                cells[key] = [
                    total + value
                    for total, value in zip(cells[key], subject.sums, strict=True)
                ]
    return {key: tuple(sums) for key, sums in cells.items()}
