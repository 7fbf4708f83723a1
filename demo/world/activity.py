"""What people do by themselves: sessions, and the actions inside them."""

from dataclasses import dataclass, replace

import numpy as np

from demo.world.draw import generator, instants
from demo.world.people import WEB, People
from demo.world.scale import DAY, END, MINUTE, SECOND, Scale

EVENT_NAMES = (
    "$pageview",
    "$screen",
    "PDP add to closet",
    "PDP add to wishlist",
    "Offer Created",
    "Offer Accepted",
    "Trade machine clicked",
)
PAGEVIEW, SCREEN, CLOSET_ADD, WISHLIST_ADD, OFFER, ACCEPT, TRADE_MACHINE = range(7)
ACTIONS = {
    "closet_adds": CLOSET_ADD,
    "wishlist_adds": WISHLIST_ADD,
    "offers_created": OFFER,
    "offers_accepted": ACCEPT,
    "trade_machine_clicks": TRADE_MACHINE,
}
TRADED_SHARE = 0.35  # of accepted offers, those that end in a confirmed trade

# A mood lasts some days: whoever was just active is likely to be active again, which
# is what makes a push to just active people look effective.
MOOD = 4 * DAY
BURSTINESS = 0.4  # shape of the gamma luck: the smaller, the wilder

# Shorter than the 30 minutes after which a session without id would split.
LONGEST_SESSION = 25 * MINUTE


@dataclass(frozen=True)
class Activity:
    """Sessions, and events that point to their session by position."""

    session_user: np.ndarray
    session_start: np.ndarray
    has_session_id: np.ndarray
    is_anonymous: np.ndarray  # before sign-up, so under an anonymous distinct id
    event_session: np.ndarray
    event_kind: np.ndarray
    event_at: np.ndarray
    is_traded: np.ndarray  # an accepted offer that ends in a trade

    @property
    def event_user(self) -> np.ndarray:
        """The user of each event."""
        return self.session_user[self.event_session]

    def with_events(
        self,
        session: np.ndarray,
        kind: np.ndarray,
        at: np.ndarray,
        is_traded: np.ndarray | None = None,
    ) -> "Activity":
        """Add events to sessions that are there."""
        if is_traded is None:
            is_traded = np.zeros(len(at), bool)
        return replace(
            self,
            event_session=np.concatenate([self.event_session, session]),
            event_kind=np.concatenate([self.event_kind, kind]),
            event_at=np.concatenate([self.event_at, at]),
            is_traded=np.concatenate([self.is_traded, is_traded]),
        )

    def with_sessions(self, user: np.ndarray, start: np.ndarray) -> "Activity":
        """Add sessions that have an id and, so far, no events."""
        return replace(
            self,
            session_user=np.concatenate([self.session_user, user]),
            session_start=np.concatenate([self.session_start, start]),
            has_session_id=np.concatenate(
                [self.has_session_id, np.ones(len(user), bool)]
            ),
            is_anonymous=np.concatenate([self.is_anonymous, np.zeros(len(user), bool)]),
        )

    def keeping(self, is_kept: np.ndarray) -> "Activity":
        """Drop events; their sessions stay."""
        return replace(
            self,
            event_session=self.event_session[is_kept],
            event_kind=self.event_kind[is_kept],
            event_at=self.event_at[is_kept],
            is_traded=self.is_traded[is_kept],
        )


def draw_activity(scale: Scale, people: People) -> Activity:
    """Draw what every user does when no push interferes, sessions in time order."""
    rng = generator(scale, "activity")
    user, start = _sessions(rng, scale, people)
    is_anonymous = start < people.signed_up_at[user]
    nothing = np.zeros(0, np.int64)
    activity = Activity(
        session_user=user,
        session_start=start,
        has_session_id=rng.random(len(user)) > 0.08,
        is_anonymous=is_anonymous,
        event_session=nothing,
        event_kind=nothing,
        event_at=nothing,
        is_traded=np.zeros(0, bool),
    )
    length = np.minimum(rng.exponential(6 * MINUTE, len(user)), LONGEST_SESSION).astype(
        np.int64
    )
    activity = browse(rng, people, activity, np.arange(len(user)), length)
    for metric, kind in ACTIONS.items():
        rate = people.actions_per_session[metric][user] * ~is_anonymous
        session = np.repeat(np.arange(len(user)), rng.poisson(rate))
        inside = (rng.random(len(session)) * length[session]).astype(np.int64)
        is_traded = (kind == ACCEPT) & (rng.random(len(session)) < TRADED_SHARE)
        activity = activity.with_events(
            session, np.full(len(session), kind), start[session] + inside, is_traded
        )
    return activity.keeping(activity.event_at < END)


def browse(
    rng: np.random.Generator,
    people: People,
    activity: Activity,
    sessions: np.ndarray,
    length: np.ndarray,
) -> Activity:
    """Add page views (screens, in the apps) to sessions: one at the start, then some.

    Args:
        rng: the draws.
        people: the users, whose platform decides between pages and screens.
        activity: what to add to.
        sessions: the sessions that get page views.
        length: the length of each of these sessions.
    """
    more = rng.geometric(0.5, len(sessions)) - 1
    position = np.repeat(np.arange(len(sessions)), more)
    later = (rng.random(len(position)) * length[position]).astype(np.int64)
    session = np.concatenate([sessions, sessions[position]])
    at = activity.session_start[session] + np.concatenate([0 * length, later])
    platform = people.platform[activity.session_user[session]]
    kind = np.where(platform == WEB, PAGEVIEW, SCREEN)
    return activity.with_events(session, kind, at)


def _sessions(
    rng: np.random.Generator, scale: Scale, people: People
) -> tuple[np.ndarray, np.ndarray]:
    """Draw users and starts of sessions: a rate for life, and luck for some days."""
    moods = scale.start + np.arange(0, scale.days * DAY, MOOD)
    first = np.maximum(moods, people.signed_up_at[:, None])
    last = np.minimum(np.minimum(moods + MOOD, END), people.left_at[:, None])
    shape = first.shape
    exposure = np.clip(last - first, 0, None) / (7 * DAY)
    luck = rng.gamma(BURSTINESS, 1 / BURSTINESS, shape)
    luck = luck * rng.lognormal(0, 0.08, shape[1])
    counts = rng.poisson(people.sessions_per_week[:, None] * exposure * luck)
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    user = cell // shape[1]
    start = instants(
        rng,
        first.ravel()[cell],
        last.ravel()[cell],
        len(cell),
        people.offset[user],
    )
    newcomer = np.flatnonzero(people.signed_up_at >= scale.start)
    user = np.concatenate([user, newcomer])
    start = np.concatenate([start, _first_sessions(rng, scale, people, newcomer)])
    order = np.argsort(start, kind="stable")
    return user[order], start[order]


def _first_sessions(
    rng: np.random.Generator, scale: Scale, people: People, newcomer: np.ndarray
) -> np.ndarray:
    """Everyone starts at sign-up; some looked around before, under another id."""
    before = rng.integers(5 * MINUTE, 60 * MINUTE, len(newcomer))
    after = rng.integers(SECOND, 5 * MINUTE, len(newcomer))
    delay = np.where(people.was_anonymous[newcomer], -before, after)
    return np.clip(people.signed_up_at[newcomer] + delay, scale.start, END - 1)
