"""The push cadence database: who got what, by which rules, sent by what."""

import numpy as np
import pyarrow as pa

from demo.world.columns import picked, timestamps
from demo.world.deliveries import Sending
from demo.world.draw import generator, uuids
from demo.world.people import People
from demo.world.scale import Scale

# id, name, description
LAYERS = (
    (1, "Platform-wide moments", "Sent to everyone, exempt from cool-downs"),
    (2, "Product and trend triggers", "Sent to people with an interest"),
    (3, "Behaviour-responsive", "Sent because of what somebody did or stopped doing"),
    (4, "Test", "Sent to the team"),
    (5, "New-user series", "Formerly layer 0"),
)
# id, name, value_in_hours, value_count, description, is_active
RULES = (
    (1, "layer_3_cool_down", 72, 1, "One push of layer 3 in 72 hours", True),
    (2, "layers_2_3_weekly", 168, 3, "Three pushes of layers 2 and 3 a week", True),
    (3, "layer_5_cool_down", 96, 1, "One push of layer 5 in 96 hours", True),
)
SPELLINGS = ("{}", "{}", "{}", "{}", "{} ", "\u00a0{}", "{}\n", "\u202d {}\u202c")
NO_TITLES = (None, "", "\u00a0\n")


def cadence_tables(
    scale: Scale, people: People, sendings: list[Sending], executions: pa.Table
) -> dict[str, pa.Table]:
    """Return the tables of the cadence database."""
    rng = generator(scale, "cadence")
    layer_columns = ("id", "name", "description")
    rule_columns = ("id", "name", "value_in_hours", "value_count")
    rule_columns += ("description", "is_active")
    sends = [_notifications(rng, people, sending) for sending in sendings]
    test = next(i for i, one in enumerate(sendings) if one.campaign.layer_id == 4)
    sends[test] = _untitled(sends[test])
    return {
        "user_notifications": pa.concat_tables(sends),
        "notification_layers": _rows(layer_columns, LAYERS),
        "cadence_rules": _rows(rule_columns, RULES),
        "automation_executions": executions,
    }


def _notifications(
    rng: np.random.Generator, people: People, sending: Sending
) -> pa.Table:
    """Build one row per delivery; some jobs write something unseen into the title."""
    campaign = sending.campaign
    count = len(sending.user)
    spellings = rng.choice(SPELLINGS, sending.part.max() + 1).tolist()
    titles = [spelling.format(campaign.title) for spelling in spellings]
    return pa.table(
        {
            "id": uuids(rng, count),
            "user_id": people.user_id.take(pa.array(sending.user)),
            "notification_id": pa.nulls(count, pa.string()),
            "layer_id": pa.array(np.full(count, campaign.layer_id)),
            "sent_at": timestamps(sending.sent_at),
            "push_title": picked(titles, sending.part),
            "push_body": picked([campaign.body], sending.part * 0),
            "audience_description": picked([campaign.audience], sending.part * 0),
        }
    )


def _untitled(sends: pa.Table) -> pa.Table:
    """Take away the title of each send, in one of three ways."""
    titles = picked(NO_TITLES, np.arange(len(sends)) % len(NO_TITLES))
    index = sends.column_names.index("push_title")
    return sends.set_column(index, "push_title", titles)


def _rows(columns: tuple[str, ...], rows: tuple[tuple, ...]) -> pa.Table:
    return pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))
