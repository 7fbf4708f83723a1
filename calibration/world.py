"""A world whose truth is known: people, what they do, and the pushes they get."""

from dataclasses import dataclass, replace

import numpy as np

from calibration.behaviour import expected_sessions
from demo.world.scale import DAY, HOUR

MEASURED = "measured"
DAYS = 93
POST_WINDOW = 48 * HOUR


@dataclass(frozen=True)
class World:
    """Users by position, their sessions and pushes; instants are microseconds.

    Attributes:
        joined_at: When the app first saw each user.
        is_reachable: Users who allow pushes.
        daily_rate: Sessions to expect of each user on each day by themselves.
        started_at: First instant of the tracked time.
        session_user: The user of each session that the measured push did not cause.
        session_at: The start of each of these.
        caused_user: The user of each session that the push causes where it works.
        caused_at: The start of each of these.
        push_campaign: The name of the campaign of each push.
        push_user: The recipient of each push.
        push_at: When each push arrives.
        lift_by_day: What the measured push adds on its first and its second day where
            it works, as a share of what people do by themselves.
        raised_user: Whom something else than the measured push moves for 48 hours.
        raised_at: From when on.
        raised_by: What that adds, as a share of what they do by themselves.
        held_out: Users who qualified, and were left out of the campaign at random.
    """

    joined_at: np.ndarray
    is_reachable: np.ndarray
    daily_rate: np.ndarray
    started_at: int
    session_user: np.ndarray
    session_at: np.ndarray
    caused_user: np.ndarray
    caused_at: np.ndarray
    push_campaign: np.ndarray
    push_user: np.ndarray
    push_at: np.ndarray
    lift_by_day: tuple[float, float]
    raised_user: np.ndarray
    raised_at: np.ndarray
    raised_by: np.ndarray
    held_out: np.ndarray

    @property
    def ended_at(self) -> int:
        """End of the tracked time."""
        return self.started_at + DAYS * DAY

    @property
    def recipients(self) -> tuple[np.ndarray, np.ndarray]:
        """Who got the measured push, and when."""
        is_measured = self.push_campaign == MEASURED
        return self.push_user[is_measured], self.push_at[is_measured]

    @property
    def is_sent_at_once(self) -> bool:
        """Whether nobody gets the push so much later that they are a control before."""
        _, at = self.recipients
        return bool(at.max() - at.min() < HOUR)

    @property
    def held_out_share(self) -> float:
        """Share of the audience that was left out of the campaign at random."""
        return len(self.held_out) / (len(self.held_out) + len(self.recipients[0]))

    def of_reachable(self) -> "World":
        """Forget what those do who allow no pushes."""
        is_kept = self.is_reachable[self.session_user]
        return replace(
            self,
            session_user=self.session_user[is_kept],
            session_at=self.session_at[is_kept],
        )

    def expected_sessions(
        self, user: np.ndarray, start: np.ndarray, end: np.ndarray
    ) -> np.ndarray:
        """Return how many sessions users do by themselves in [start, end), on average.

        Args:
            user: Positions of users.
            start: An instant for each of them.
            end: Likewise.
        """
        return expected_sessions(
            self.daily_rate[user], start - self.started_at, end - self.started_at
        )

    def expected_without_push(self, user: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Return the same of the 48 hours from `at` on, with all else that moves them.

        Args:
            user: Different positions of users.
            at: An instant for each of them.
        """
        expected = self.expected_sessions(user, at, at + POST_WINDOW)
        row = np.full(len(self.joined_at), -1)
        row[user] = np.arange(len(user))
        row = row[self.raised_user]
        start = np.maximum(self.raised_at, at[row])
        end = np.minimum(self.raised_at, at[row]) + POST_WINDOW
        both = np.flatnonzero((row >= 0) & (start < end))
        more = self.expected_sessions(self.raised_user[both], start[both], end[both])
        np.add.at(expected, row[both], self.raised_by[both] * more)
        return expected

    def sessions_between(self, start: int, end: int) -> np.ndarray:
        """Count each user's sessions in [start, end)."""
        is_inside = (self.session_at >= start) & (self.session_at < end)
        return np.bincount(self.session_user[is_inside], minlength=len(self.joined_at))

    def were_pushed(self, start: int, end: int) -> np.ndarray:
        """Mark the users whom a push reached in [start, end)."""
        is_inside = (self.push_at >= start) & (self.push_at < end)
        found = np.zeros(len(self.joined_at), bool)
        found[self.push_user[is_inside]] = True
        return found

    def with_sessions(self, user: np.ndarray, at: np.ndarray) -> "World":
        """Add sessions."""
        return replace(
            self,
            session_user=np.append(self.session_user, user),
            session_at=np.append(self.session_at, at),
        )

    def with_pushes(self, campaign: str, user: np.ndarray, at: np.ndarray) -> "World":
        """Add pushes, which do nothing yet."""
        return replace(
            self,
            push_campaign=np.append(self.push_campaign, np.repeat(campaign, len(user))),
            push_user=np.append(self.push_user, user),
            push_at=np.append(self.push_at, at),
        )
