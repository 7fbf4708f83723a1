"""How large the demo world is, and when it happens."""

from dataclasses import dataclass
from datetime import UTC, datetime

# Instants are int64 microseconds since 1970 (UTC), as Postgres and PostHog keep them.
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

END_AT = datetime(2026, 11, 1, tzinfo=UTC)
END = int(END_AT.timestamp()) * SECOND


@dataclass(frozen=True)
class Scale:
    """The size of a world; the same scale always gives the same world.

    Attributes:
        users: people who sign up for the app.
        days: length of the tracked time; its last day is always 2026-10-31.
        campaigns: campaigns of layers 1 to 3; tests and new-user pushes come on top.
        seed: start of every random draw.
    """

    users: int = 2000
    days: int = 120
    campaigns: int = 66
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse worlds too small to hold every trap."""
        for name, smallest in (("users", 100), ("days", 60), ("campaigns", 6)):
            if getattr(self, name) < smallest:
                raise ValueError(f"a world needs at least {smallest} {name}")

    @property
    def start(self) -> int:
        """First instant of the tracked time."""
        return END - self.days * DAY
