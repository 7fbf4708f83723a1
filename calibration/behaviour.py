"""What people do by themselves: how many sessions to expect of whom on which day.

Everybody has a rate for life (some have none, a few have very many), spells of weeks
in which they all but stay away, and moods of days. Whoever was just active is
therefore less active soon, and whoever has stayed away for a week comes back late.
Growth, weekdays and shocks move all alike.
"""

import numpy as np

from demo.world.draw import HOURS, WEEKDAYS, heavy_tailed
from demo.world.scale import DAY, HOUR

SESSIONS_PER_DAY = 0.5
INACTIVE_SHARE = 0.15
FALLS_ASLEEP, WAKES_UP = 1 / 40, 1 / 25  # chances per day
ASLEEP = 0.05  # of the sessions when awake
# standard deviation of the logarithm, and the days after which it fades
MOOD, SHOCK = (0.8, 2.0), (0.15, 2.0)
NOVELTY, NOVELTY_DAYS = 2.0, 5.0


def draw_daily_rates(
    rng: np.random.Generator, join_day: np.ndarray, factor_of_day: np.ndarray
) -> np.ndarray:
    """Draw sessions to expect, an array of users and days.

    Args:
        rng: The draws.
        join_day: The day each user joins; negative if that was before day 0.
        factor_of_day: What moves everybody, per day.
    """
    users, days = len(join_day), len(factor_of_day)
    rate = heavy_tailed(rng, users, SESSIONS_PER_DAY, INACTIVE_SHARE)
    mood = np.exp(_fading(rng, (users, days), *MOOD))
    spells = np.where(_awake(rng, users, days), 1, ASLEEP)
    # newcomers come more often at first, and not at all before
    age = np.arange(days) - join_day[:, None]
    novelty = np.where(age < 0, 0, 1 + NOVELTY * np.exp(-age / NOVELTY_DAYS))
    return rate[:, None] * mood * spells * novelty * factor_of_day


def draw_calendar(
    rng: np.random.Generator, days: int, first_weekday: int
) -> np.ndarray:
    """Draw the factors of days by weekday and shock; weekday 0 is Monday."""
    weekday = (first_weekday + np.arange(days)) % 7
    shock = np.exp(_fading(rng, (1, days), *SHOCK)[0])
    return WEEKDAYS[weekday] / WEEKDAYS.mean() * shock


def draw_sessions(
    rng: np.random.Generator, daily_rate: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw sessions: Poisson on each day, more at some hours than at others.

    Args:
        rng: The draws.
        daily_rate: Sessions to expect, an array of users and days.

    Returns:
        The row of the user, and the microseconds since day 0, of each session.
    """
    count = rng.poisson(daily_rate)
    cell = np.repeat(np.arange(count.size), count.ravel())
    user, day = np.divmod(cell, daily_rate.shape[1])
    hour = rng.choice(24, len(cell), p=HOURS / HOURS.sum())
    return user, day * DAY + hour * HOUR + rng.integers(0, HOUR, len(cell))


def expected_sessions(
    daily_rate: np.ndarray, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Return the mean number of sessions that `draw_sessions` draws in [start, end).

    Args:
        daily_rate: Sessions to expect, an array of users and days.
        start: An instant for each of the users, in microseconds since day 0.
        end: Likewise.
    """
    return _expected_before(daily_rate, end) - _expected_before(daily_rate, start)


def _expected_before(daily_rate: np.ndarray, at: np.ndarray) -> np.ndarray:
    day, since_midnight = np.divmod(at, DAY)
    share = np.interp(
        since_midnight, np.arange(25) * HOUR, np.append(0, HOURS.cumsum()) / HOURS.sum()
    )
    user = np.arange(len(day))
    whole_days = daily_rate.cumsum(axis=1)
    today = daily_rate[user, day]
    return whole_days[user, day] - today + share * today


def _awake(rng: np.random.Generator, users: int, days: int) -> np.ndarray:
    """Draw spells: whether each user is awake on each day."""
    chance = rng.random((users, days))
    is_awake = chance < WAKES_UP / (WAKES_UP + FALLS_ASLEEP)
    for day in range(1, days):
        stays = chance[:, day] >= FALLS_ASLEEP
        wakes = chance[:, day] < WAKES_UP
        is_awake[:, day] = np.where(is_awake[:, day - 1], stays, wakes)
    return is_awake


def _fading(
    rng: np.random.Generator,
    shape: tuple[int, int],
    deviation: float,
    fades_after_days: float,
) -> np.ndarray:
    """Draw normal walks that return to their mean; exp() of them is 1 on average."""
    memory = np.exp(-1 / fades_after_days)
    walk = rng.standard_normal(shape)
    walk[:, 1:] *= np.sqrt(1 - memory**2)
    for day in range(1, shape[1]):
        walk[:, day] += memory * walk[:, day - 1]
    return deviation * walk - deviation**2 / 2
