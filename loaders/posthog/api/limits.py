"""How long a load may take, and how many bytes its queries may read."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event

from loaders.posthog.api.failures import KEPT, DeadlineExceededError

HOUR_SECONDS = 3600
BYTES_READ = "X-PostHog-Query-Bytes-Read"
BYTES_LEFT = "X-PostHog-Query-Budget-Remaining-Bytes"


@dataclass
class Deadline:
    """The time all requests of a load have together.

    Attributes:
        hours: from now on.
        clock: a clock that never goes back, in seconds.
    """

    hours: float = 6
    clock: Callable[[], float] = time.monotonic
    _end: float = field(init=False)
    _given_up: Event = field(default_factory=Event, init=False)

    def __post_init__(self) -> None:
        """Start."""
        self._end = self.clock() + self.hours * HOUR_SECONDS

    def give_up(self) -> None:
        """Let no request be sent any more, and nobody wait to send one."""
        self._end = self.clock()
        self._given_up.set()

    def sleep(self, seconds: float) -> None:
        """Wait, unless it is given up: Retry-After may ask for an hour."""
        self._given_up.wait(seconds)

    def check(self, seconds: float = 0) -> None:
        """Refuse to go on, or to wait so many seconds, if there is no time.

        Raises:
            DeadlineExceededError: there is not.
        """
        if self.clock() + seconds >= self._end:
            raise DeadlineExceededError(
                f"posthog: the {self.hours:g} hours of POSTHOG_DEADLINE_HOURS do not "
                f"suffice: {KEPT}"
            )


@dataclass
class Budget:
    """The bytes that queries may read in an hour, as PostHog tells them.

    Attributes:
        most_read: by one query of this load.
        left: in this hour; None: not told.
    """

    most_read: int = 0
    left: int | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Read the headers of an answer."""
        read, left = headers.get(BYTES_READ, ""), headers.get(BYTES_LEFT, "")
        self.most_read = max(self.most_read, int(read) if read.isdigit() else 0)
        self.left = int(left) if left.isdigit() else self.left

    def check(self) -> None:
        """Refuse to take what others of the project may need in this hour.

        Raises:
            DeadlineExceededError: less is left than one query has read.
        """
        if self.left is not None and self.left < self.most_read:
            self_left, self.left = self.left, None
            raise DeadlineExceededError(
                f"posthog: queries may read {self_left:,} more bytes in this hour and "
                f"one took {self.most_read:,}; continue in an hour: {KEPT}"
            )
