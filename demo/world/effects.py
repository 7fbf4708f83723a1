"""What the pushes truly change, and a few events placed exactly on window edges."""

from dataclasses import replace

import numpy as np

from demo.world.activity import (
    ACCEPT,
    ACTIONS,
    CLOSET_ADD,
    SCREEN,
    TRADE_MACHINE,
    TRADED_SHARE,
    Activity,
    browse,
)
from demo.world.deliveries import Sending
from demo.world.draw import generator
from demo.world.people import People
from demo.world.scale import END, HOUR, MINUTE, SECOND, Scale

POST_WINDOW = 48 * HOUR
BASELINE = 720 * HOUR
EDGES = (0, POST_WINDOW, -BASELINE)
EDGE_CAMPAIGNS = 3
EDGE_USERS = 2


def apply_effects(
    scale: Scale, people: People, organic: Activity, sendings: list[Sending]
) -> Activity:
    """Change the 48 hours after each delivery by the campaign's true lifts.

    A lift of +0.2 repeats each organic event with probability 0.2, a lift of -0.1
    removes it with probability 0.1, so the expected count changes by exactly that.
    Every push acts on organic events only: effects of overlapping pushes add up.
    """
    rng = generator(scale, "effects")
    activity = organic
    event_user = organic.event_user
    is_kept = np.ones(len(organic.event_at), bool)
    is_session_kept = np.ones(len(organic.session_start), bool)
    for sending in sendings:
        if not sending.campaign.has_result:
            continue
        first = sending.first_delivery(len(people))
        since = _since(first, event_user, organic.event_at)
        for metric, kind in ACTIONS.items():
            lift = sending.campaign.lifts[metric]
            touched = np.flatnonzero((organic.event_kind == kind) & (since >= 0))
            if lift > 0:
                activity = _repeat_actions(rng, activity, touched, since, lift)
            elif lift < 0:
                is_kept[_removed(rng, organic, touched, -lift)] = False
        lift = sending.campaign.lifts["sessions"]
        since = _since(first, organic.session_user, organic.session_start)
        touched = np.flatnonzero(since >= 0)
        touched = touched[rng.random(len(touched)) < abs(lift)]
        if lift > 0:
            users = organic.session_user[touched]
            activity = _add_sessions(rng, people, activity, users, first[users])
        elif lift < 0:
            is_session_kept[touched] = False
    activity = _remove_sessions(activity, is_session_kept, is_kept)
    activity = _plant_edges(scale, people, activity, sendings)
    return activity.keeping(activity.event_at < END)


def _since(first: np.ndarray, user: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the time since the user's delivery, -1 outside the post window."""
    since = at - first[user]
    is_inside = (first[user] >= 0) & (since >= 0) & (since < POST_WINDOW)
    return np.where(is_inside, since, -1)


def _repeat_actions(
    rng: np.random.Generator,
    activity: Activity,
    touched: np.ndarray,
    since: np.ndarray,
    lift: float,
) -> Activity:
    """Repeat some actions shortly after, in the same session and window."""
    source = touched[rng.random(len(touched)) < lift]
    room = POST_WINDOW - 1 - since[source]
    delay = np.minimum(rng.integers(SECOND, 2 * MINUTE, len(source)), room)
    return activity.with_events(
        activity.event_session[source],
        activity.event_kind[source],
        activity.event_at[source] + delay,
    )


def _removed(
    rng: np.random.Generator, organic: Activity, touched: np.ndarray, share: float
) -> np.ndarray:
    """Choose the actions that the push prevents."""
    kind = organic.event_kind[touched]
    # Traded offers always stay, so the others go that much more often.
    chance = np.where(kind == ACCEPT, share / (1 - TRADED_SHARE), share)
    chance = np.where(organic.is_traded[touched], 0, chance)
    return touched[rng.random(len(touched)) < chance]


def _add_sessions(
    rng: np.random.Generator,
    people: People,
    activity: Activity,
    users: np.ndarray,
    delivered_at: np.ndarray,
) -> Activity:
    """Add sessions of page views alone, most of them soon after the delivery."""
    delay = (rng.random(len(users)) ** 2 * POST_WINDOW).astype(np.int64)
    sessions = len(activity.session_start) + np.arange(len(users))
    length = rng.integers(MINUTE, 10 * MINUTE, len(users))
    activity = activity.with_sessions(users, delivered_at + delay)
    return browse(rng, people, activity, sessions, length)


def _remove_sessions(
    activity: Activity, is_session_kept: np.ndarray, is_kept: np.ndarray
) -> Activity:
    """Remove the page views of sessions that did not happen, and prevented actions.

    Other actions of these sessions stay, without a session id: they are metrics of
    their own, and without page views they make no session.
    """
    added_sessions = len(activity.session_start) - len(is_session_kept)
    is_session_kept = np.pad(is_session_kept, (0, added_sessions), constant_values=True)
    is_kept = np.pad(
        is_kept, (0, len(activity.event_at) - len(is_kept)), constant_values=True
    )
    is_browsing = activity.event_kind <= SCREEN
    is_kept &= ~is_browsing | is_session_kept[activity.event_session]
    activity = replace(
        activity, has_session_id=activity.has_session_id & is_session_kept
    )
    return activity.keeping(is_kept)


def _plant_edges(
    scale: Scale, people: People, activity: Activity, sendings: list[Sending]
) -> Activity:
    """Plant a session and an action exactly on each edge of some users' windows."""
    for sending in _edge_sendings(scale, sendings):
        first = sending.first_delivery(len(people))
        is_old = people.signed_up_at < sending.campaign.starts_at - BASELINE
        users = np.flatnonzero((first >= 0) & is_old)[-EDGE_USERS:]
        user = np.tile(users, len(EDGES))
        at = first[user] + np.repeat(EDGES, len(users))
        sessions = len(activity.session_start) + np.arange(len(user))
        activity = activity.with_sessions(user, at)
        activity = activity.with_events(sessions, np.full(len(user), SCREEN), at)
        for kind in (CLOSET_ADD, TRADE_MACHINE):
            activity = activity.with_events(sessions, np.full(len(user), kind), at)
    return activity


def _edge_sendings(scale: Scale, sendings: list[Sending]) -> list[Sending]:
    """Return the largest campaigns whose windows lie inside the tracked time."""
    whole = [
        sending
        for sending in sendings
        if sending.campaign.has_result
        and sending.campaign.starts_at - BASELINE > scale.start
        and sending.campaign.starts_at + sending.campaign.spread + POST_WINDOW < END
    ]
    largest = sorted(whole, key=lambda sending: len(sending.user), reverse=True)
    return largest[:EDGE_CAMPAIGNS]
