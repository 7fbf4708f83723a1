"""How many people an effect takes, by what people did after the pushes so far."""

from dataclasses import dataclass

import numpy as np
from adbc_driver_manager.dbapi import Connection

from lift_statistics.power import minimum_detectable_effect, pairs_required
from steps.parameters import PushParameters
from warehouse.errors import UserError
from warehouse.tables import read

SUMS = """
    select
        metrics.metric, sum(sums.recipients) as people,
        sum(sums.sum_post) as events, sum(sums.sum_post_squared) as squares
    from seeds.push_metrics as metrics
    left join intermediate.int_push_window_sums as sums
        on metrics.metric = sums.metric
    group by metrics.metric
    order by metrics.metric
"""


@dataclass(frozen=True)
class Usual:
    """What people do in the hours after a push.

    Attributes:
        mean: Events per person.
        deviation: Their standard deviation between people.
    """

    mean: float
    deviation: float


def read_usual(connection: Connection, metric: str) -> Usual | None:
    """Read what recipients did after all pushes so far; None if all did nothing.

    Raises:
        UserError: there is no such metric.
    """
    rows = {row["metric"]: row for row in read(connection, SUMS).to_pylist()}
    if metric not in rows:
        raise UserError(f"--metric: there is no {metric}; use one of {', '.join(rows)}")
    people, events, squares = (
        float(rows[metric][name] or 0) for name in ("people", "events", "squares")
    )
    variance = (squares - events**2 / people) / (people - 1) if people > 1 else 0
    if not variance > 0:
        return None
    return Usual(events / people, float(np.sqrt(variance)))


def people_required(
    usual: Usual, effect: float, share: float, parameters: PushParameters
) -> int:
    """Return how large an audience shows the effect.

    It needs fewer if the history of people foretells part of what they do.

    Args:
        usual: What people do.
        effect: The lift to see, as a share of the mean.
        share: The share of the audience that is held out.
        parameters: The level and power of the test, and the smallest holdout.
    """
    # the difference of the two groups varies like the mean of so many people
    standardised = np.array([effect * usual.mean / usual.deviation])
    in_one_group = pairs_required(standardised, parameters.alpha, parameters.power)[0]
    return int(
        np.ceil(
            max(
                in_one_group / (share * (1 - share)),
                parameters.min_holdout_users / share,
            )
        )
    )


def detectable_effect(
    usual: Usual, people: int, held_out: int, parameters: PushParameters
) -> float:
    """Return the smallest lift that the groups would show, as a share of the mean."""
    standard_error = usual.deviation * np.sqrt(1 / held_out + 1 / (people - held_out))
    found = minimum_detectable_effect(
        np.array([standard_error]),
        np.array([people - 2.0]),
        parameters.alpha,
        parameters.power,
    )
    return float(found[0] / usual.mean)
