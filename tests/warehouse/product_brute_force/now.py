"""What now is where nobody says so."""

from datetime import UTC, datetime, timedelta

from tests.warehouse.product_brute_force.activity import activity_at
from tests.warehouse.product_brute_force.app import events_at
from tests.warehouse.product_brute_force.identities import identities_at
from tests.warehouse.product_brute_force.sources import Sources


def newest_moment(sources: Sources) -> datetime:
    """Return `as_of` where nobody names one: the newest thing that can be true."""
    late = datetime.max.replace(tzinfo=UTC)
    received = max(row["created_at"] for row in events_at(sources, late))
    identities = identities_at(
        sources, late, {e["distinct_id"] for e in sources.events}
    )
    dates = [
        *(row["sent_at"] for row in sources.tables["neon.user_notifications"]),
        *(one.created_at for one in identities.accounts if one.created_at),
        *(one.at for one in activity_at(sources, late, identities, [])),
        *(row["created_at"] for row in sources.tables["app.trades"]),
    ]
    plausible = [at for at in dates if at <= received + timedelta(hours=24)]
    return max([received, *plausible])
