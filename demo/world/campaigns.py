"""The pushes that are planned: what, when, to whom, and what they truly change."""

from dataclasses import dataclass, field, replace
from itertools import count
from operator import attrgetter

import numpy as np

from demo.world.activity import ACTIONS
from demo.world.draw import generator
from demo.world.people import INTERESTS
from demo.world.scale import DAY, END, HOUR, MINUTE, SECOND, Scale

CAMPAIGN_GAP = 120 * MINUTE  # a longer silence makes the same title a new campaign
METRICS = ("sessions", *ACTIONS, "confirmed_trades")
LIFTS = (0.0, 0.2, 0.5, -0.1)
PLANTED_LIFT = 1.0
LIFT_CHANCES = (0.6, 0.2, 0.1, 0.1)

TITLES = {
    1: (
        "The autumn drop is live",
        "Zero fees this weekend",
        "Meet the new trade machine",
        "Trading week starts now",
        "Your size is back in stock",
        "A new look for your closet",
        "Two million trades, thank you",
        "Free shipping until Sunday",
        "The sneaker vault opens at noon",
        "Last call for the summer drop",
        "Cash offers have arrived",
        "A festival of trades",
    ),
    2: (
        "[[var:brand]] is trending today",
        "New in [[var:category]]",
        "Price moves on [[var:product]]",
        "Collectors want [[var:product]]",
    ),
    3: (
        "[[var:firstName]], you left something behind",
        "Still thinking about [[var:product]]?",
        "Your offer is waiting",
        "[[var:firstName]], your closet misses you",
        "Someone wants your [[var:product]]",
        "Finish your trade",
        "New matches for your wishlist",
        "Come back to [[var:count]] new offers",
    ),
    4: ("Your offer is waiting", "Zero fees this weekend"),
    5: ("Welcome, [[var:firstName]]", "Add your first three items"),
}
# Audience rules of each layer, used in turn.
AUDIENCES = {
    1: ("everyone", "random", "random"),
    2: ("interested",),
    3: ("just active", "lapsed", "just active"),
    4: ("team",),
    5: ("new users",),
}


@dataclass(frozen=True)
class Campaign:
    """One campaign: a title of a layer, sent once to one audience.

    Attributes:
        title: the template, without the stray spaces it is sometimes sent with.
        layer_id: 1 to 5, or 0 as layer 5 was called formerly.
        audience: the rule that chooses the recipients.
        starts_at: the first send.
        spread: time between the first and the last send.
        parts: push jobs it is split into.
        interest: the product interest that layer 2 asks for.
        has_late_part: its last job runs exactly one campaign gap after the others.
        lifts: the true relative effect per metric, for two days after the send.
    """

    title: str
    layer_id: int
    audience: str
    starts_at: int
    spread: int
    parts: int
    interest: int
    has_late_part: bool = False
    lifts: dict[str, float] = field(default_factory=dict)

    @property
    def has_result(self) -> bool:
        """Tell whether a lift is reported: not for tests and small pilots."""
        return self.layer_id != 4 and self.audience != "pilot"

    @property
    def deep_link(self) -> str:
        """The screen it opens."""
        return f"tradeapp://layer/{self.layer_id}"

    @property
    def body(self) -> str:
        """The template of its text."""
        return f"{self.title}: tap to see [[var:count]] things picked for you"


def plan_campaigns(scale: Scale) -> list[Campaign]:
    """Plan all campaigns of the world, in the order they are sent."""
    rng = generator(scale, "campaigns")
    layers = _layers(rng, scale.campaigns)
    # The first three weeks stay silent; the last sends have no complete window yet.
    first = scale.start + 20 * DAY
    step = (END - DAY - first) // len(layers)
    position = {layer: count() for layer in TITLES}
    plan = []
    for index, layer in enumerate(layers):
        hour = int(rng.integers(15, 24)) * HOUR
        day = (first + index * step) // DAY * DAY
        turn = next(position[layer])
        plan.append(
            Campaign(
                title=TITLES[layer][turn % len(TITLES[layer])],
                layer_id=layer,
                audience=AUDIENCES[layer][turn % len(AUDIENCES[layer])],
                starts_at=day + hour + int(rng.integers(0, HOUR)),
                spread=int(rng.integers(5 * MINUTE, 25 * MINUTE)),
                parts=int(rng.integers(1, 14)),
                interest=int(rng.integers(0, INTERESTS)),
                lifts=_lifts(rng),
            )
        )
    _plant_layer_zero(plan, scale)
    _plant_gaps(plan)
    _plant_successes(plan)
    plan += _pilots(plan)
    return sorted(plan, key=attrgetter("starts_at"))


def _layers(rng: np.random.Generator, campaigns: int) -> list[int]:
    """Return the layer of each campaign, shuffled."""
    platform = max(2, round(campaigns * 12 / 66))
    triggers = max(1, round(campaigns * 7 / 66))
    extra = max(2, campaigns // 14)
    layers = [1] * platform + [2] * triggers
    layers += [3] * (campaigns - platform - triggers) + [4] * extra + [5] * extra
    return rng.permutation(layers).tolist()


def _lifts(rng: np.random.Generator) -> dict[str, float]:
    """Draw the true effects: most are zero, and some campaigns do nothing at all."""
    drawn = rng.choice(LIFTS, len(METRICS), p=LIFT_CHANCES)
    is_idle = rng.random() < 0.25
    lifts = {
        metric: 0.0 if is_idle else float(lift)
        for metric, lift in zip(METRICS, drawn, strict=True)
    }
    # A trade is confirmed days after the offer it began with: pushes leave it alone.
    return {**lifts, "confirmed_trades": 0.0}


def _plant_layer_zero(plan: list[Campaign], scale: Scale) -> None:
    """Until the middle of the world, layer 5 was called layer 0."""
    middle = scale.start + scale.days // 2 * DAY
    for index, campaign in enumerate(plan):
        if campaign.layer_id == 5 and campaign.starts_at < middle:
            plan[index] = replace(campaign, layer_id=0)


def _plant_gaps(plan: list[Campaign]) -> None:
    """Plant both sides of the campaign gap.

    A layer-2 campaign sends its last part exactly one gap after the others, so it
    stays one campaign. A layer-3 title is sent again one second after the gap, so it
    becomes another campaign.
    """
    trigger = next(i for i, campaign in enumerate(plan) if campaign.layer_id == 2)
    plan[trigger] = replace(
        plan[trigger],
        parts=3,
        has_late_part=True,
        spread=CAMPAIGN_GAP + 20 * MINUTE,
    )
    behavioural = [i for i, campaign in enumerate(plan) if campaign.layer_id == 3]
    original = replace(plan[behavioural[-2]], audience="just active")
    plan[behavioural[-2]] = original
    plan[behavioural[-1]] = replace(
        plan[behavioural[-1]],
        title=original.title,
        audience="lapsed",
        starts_at=original.starts_at + original.spread + CAMPAIGN_GAP + SECOND,
    )


def _plant_successes(plan: list[Campaign]) -> None:
    """Let the last pushes of layer 2 work so well that a fair comparison shows it."""
    triggers = [i for i, campaign in enumerate(plan) if campaign.layer_id == 2]
    for index in triggers[-4:]:
        lifts = {**plan[index].lifts, "sessions": PLANTED_LIFT}
        plan[index] = replace(plan[index], lifts=lifts)


def _pilots(plan: list[Campaign]) -> list[Campaign]:
    """Try two titles on a handful of people, three days before the real campaign."""
    real = [campaign for campaign in plan if campaign.layer_id in (2, 3)][:2]
    return [
        replace(
            campaign,
            audience="pilot",
            starts_at=campaign.starts_at - 3 * DAY,
            spread=2 * MINUTE,
            parts=1,
            has_late_part=False,
            lifts=dict.fromkeys(METRICS, 0.0),
        )
        for campaign in real
    ]
