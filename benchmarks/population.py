"""People who get pushes and do things: as many as a benchmark needs."""

import numpy as np
import pyarrow as pa

from calibration.core_tables import Tables, core_tables
from demo.world.columns import picked, timestamps
from demo.world.draw import heavy_tailed
from demo.world.scale import DAY, HOUR, MINUTE

SEED = 1
FIRST_DAY, DAYS = 20_454, 180  # 2026-01-01, in days since 1970
FIRST_CAMPAIGN_DAY = 88  # so that there is history enough for placebo dates
MOST_TENURE_DAYS = 730  # when tracking starts
REACHABLE_SHARE, AUDIENCE_SHARE = 0.7, 0.3
CAMPAIGNS = [f"campaign {number}" for number in range(66)]
# events per person and day, and the share of people who never do it
METRICS = {
    "sessions": (0.5, 0.1),
    "closet_adds": (0.1, 0.35),
    "wishlist_adds": (0.08, 0.4),
    "offers_created": (0.05, 0.45),
    "offers_accepted": (0.03, 0.55),
    "trade_machine_clicks": (0.06, 0.5),
}


def population(users: int) -> Tables:
    """Draw the core tables of so many users."""
    rng = np.random.default_rng(SEED)
    started_at, ended_at = FIRST_DAY * DAY, (FIRST_DAY + DAYS) * DAY
    return core_tables(
        started_at - rng.integers(0, MOST_TENURE_DAYS * DAY, users),
        _activity(rng, users, started_at),
        _sends(rng, users, started_at),
        CAMPAIGNS,
        (started_at, ended_at),
        list(METRICS),
    )


def _activity(rng: np.random.Generator, users: int, started_at: int) -> pa.Table:
    """Draw how often everybody does what, at any time."""
    tables = []
    for metric, (mean, zero_share) in METRICS.items():
        rate = heavy_tailed(rng, users, mean, zero_share)
        user = np.repeat(np.arange(users), rng.poisson(DAYS * rate))
        at = started_at + rng.integers(0, DAYS * DAY, len(user))
        columns = {
            "user": user,
            "activity_type": pa.repeat(metric, len(user)),
            "occurred_at": timestamps(at),
        }
        tables.append(pa.table(columns))
    return pa.concat_tables(tables)


def _sends(rng: np.random.Generator, users: int, started_at: int) -> pa.Table:
    """Draw campaigns to random audiences, each sent within half an hour."""
    reachable = np.flatnonzero(rng.random(users) < REACHABLE_SHARE)
    first, last = FIRST_CAMPAIGN_DAY * DAY // HOUR, (DAYS - 3) * DAY // HOUR
    hours = np.linspace(first, last, len(CAMPAIGNS)).astype(np.int64)
    is_sent = rng.random((len(CAMPAIGNS), len(reachable))) < AUDIENCE_SHARE
    campaign, position = np.nonzero(is_sent)
    within = rng.integers(0, 30 * MINUTE, len(campaign))
    return pa.table(
        {
            "campaign_key": picked(CAMPAIGNS, campaign),
            "user": reachable[position],
            "sent_at": timestamps(started_at + hours[campaign] * HOUR + within),
        }
    )
