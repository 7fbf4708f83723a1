"""Who gets which push, and when: audiences chosen from what people just did."""

from dataclasses import dataclass

import numpy as np

from demo.world.activity import Activity
from demo.world.campaigns import CAMPAIGN_GAP, Campaign
from demo.world.draw import generator
from demo.world.people import SEED_ACCOUNTS, People
from demo.world.scale import DAY, HOUR, Scale

RANDOM_SHARE = 0.5
CHOSEN_SHARE = 0.5  # of those a behaviour rule finds: the others can be compared
PILOT_SIZE = 9
FAILED_SHARE = 0.03
REPEATED_SHARE = 0.01
COOL_DOWN = 72 * HOUR  # between two pushes of layer 3
BUSY_WEEK = 3  # pushes of layers 2 and 3 within 168 hours


@dataclass(frozen=True)
class Sending:
    """What one campaign delivered, one entry per delivery, in time order.

    The same user can appear more than once: seed accounts get every part, and some
    deliveries are repeated. `failed_*` are attempts that reached no one.
    """

    campaign: Campaign
    user: np.ndarray
    sent_at: np.ndarray
    part: np.ndarray
    failed_user: np.ndarray
    failed_part: np.ndarray

    def first_delivery(self, users: int) -> np.ndarray:
        """Return the first delivery of each user, -1 for those who got none."""
        first = np.full(users, -1, np.int64)
        # Written backwards, so the earliest delivery is the one that stays.
        first[self.user[::-1]] = self.sent_at[::-1]
        return first


def send_all(
    scale: Scale, people: People, activity: Activity, plan: list[Campaign]
) -> list[Sending]:
    """Send every campaign in time order, by the rules of its audience and layer."""
    rng = generator(scale, "deliveries")
    last_behavioural = np.full(len(people), -COOL_DOWN, np.int64)
    recent: list[Sending] = []
    for campaign in plan:
        now = campaign.starts_at
        is_chosen = (
            people.is_reachable
            & (people.signed_up_at < now)
            & _audience(rng, people, activity, campaign)
        )
        if campaign.layer_id == 3:
            is_chosen &= last_behavioural <= now - COOL_DOWN
        if campaign.layer_id in (2, 3):
            is_chosen &= _pushes_of_week(recent, now, len(people)) < BUSY_WEEK
        is_chosen[:SEED_ACCOUNTS] = False  # they are added to every part
        sending = _send(rng, campaign, rng.permutation(np.flatnonzero(is_chosen)))
        if campaign.layer_id == 3:
            last_behavioural[sending.user] = sending.sent_at
        recent.append(sending)
    return recent


def _audience(
    rng: np.random.Generator, people: People, activity: Activity, campaign: Campaign
) -> np.ndarray:
    """Tell for each user whether the audience rule chooses them."""
    now = campaign.starts_at
    last_seen = np.zeros(len(people), np.int64)
    before = np.searchsorted(activity.session_start, now)
    # Sessions are in time order, so the latest one of a user is written last.
    last_seen[activity.session_user[:before]] = activity.session_start[:before]
    silence = now - last_seen
    age = now - people.signed_up_at
    is_drawn = rng.random(len(people)) < CHOSEN_SHARE
    match campaign.audience:
        case "everyone":
            return np.ones(len(people), bool)
        case "random":
            return rng.random(len(people)) < RANDOM_SHARE
        case "interested":
            return people.interest == campaign.interest
        case "just active":
            return is_drawn & (silence < DAY)
        case "lapsed":
            return is_drawn & (silence >= 7 * DAY) & (silence < 60 * DAY)
        case "new users":
            return (age >= 2 * DAY) & (age < 21 * DAY)
        case "pilot":
            pilots = rng.permutation(np.flatnonzero(age > 30 * DAY))[:PILOT_SIZE]
            return np.isin(np.arange(len(people)), pilots)
        case _:
            return np.zeros(len(people), bool)


def _pushes_of_week(recent: list[Sending], now: int, users: int) -> np.ndarray:
    """Count each user's pushes of layers 2 and 3 in the last 168 hours."""
    pushes = np.zeros(users, np.int64)
    for sending in recent:
        campaign = sending.campaign
        if campaign.layer_id in (2, 3) and campaign.starts_at > now - 7 * DAY:
            pushes[np.unique(sending.user)] += 1
    return pushes


def _send(
    rng: np.random.Generator, campaign: Campaign, audience: np.ndarray
) -> Sending:
    """Deliver one campaign part by part, each to the seed accounts first."""
    parts = max(1, min(campaign.parts, len(audience)))
    seed_part = np.repeat(np.arange(parts), SEED_ACCOUNTS)
    seed_user = np.tile(np.arange(SEED_ACCOUNTS), parts)
    part = np.arange(len(audience)) * parts // max(1, len(audience))
    part = np.concatenate([seed_part, part])
    order = np.argsort(part, kind="stable")
    user, part = np.concatenate([seed_user, audience])[order], part[order]

    offset = _offsets(rng, campaign, part)
    # The last attempt of a part succeeds, so gaps between parts are as planned.
    is_last = np.append(part[1:] != part[:-1], True)
    can_fail = (user >= SEED_ACCOUNTS) & ~is_last
    has_failed = can_fail & (rng.random(len(user)) < FAILED_SHARE)
    is_repeated = ~has_failed & (rng.random(len(user)) < REPEATED_SHARE)
    repeated_at = offset[is_last][part[is_repeated]]

    at = np.concatenate([offset[~has_failed], repeated_at])
    order = np.argsort(at, kind="stable")
    return Sending(
        campaign=campaign,
        user=np.concatenate([user[~has_failed], user[is_repeated]])[order],
        sent_at=campaign.starts_at + at[order],
        part=np.concatenate([part[~has_failed], part[is_repeated]])[order],
        failed_user=user[has_failed],
        failed_part=part[has_failed],
    )


def _offsets(
    rng: np.random.Generator, campaign: Campaign, part: np.ndarray
) -> np.ndarray:
    """Return when each attempt happens: rows are inserted one by one."""
    is_late = (part == part[-1]) & campaign.has_late_part
    spread = campaign.spread - CAMPAIGN_GAP * campaign.has_late_part
    offset = np.sort(rng.random(len(part)) * spread).astype(np.int64)
    on_time = np.flatnonzero(~is_late)
    offset[on_time[0]], offset[on_time[-1]] = 0, spread
    offset[is_late] = campaign.spread
    return offset
