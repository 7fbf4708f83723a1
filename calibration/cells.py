"""From a world to the cells of users that the statistics step reads."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calibration.core_tables import Tables, core_tables, holdout_tables, positions
from calibration.method import Method, replace_tables
from calibration.world import MEASURED, World
from demo.world.columns import picked, timestamps
from steps.lift.adjusted.matched_cells import matched_cells
from warehouse.tables import read

ACTIVITY = "core.fct_user_activity"
SESSIONS = "sessions"
# of how many sessions each metric counts one
METRICS = {SESSIONS: 1, "1 of 5 sessions": 5, "1 of 25 sessions": 25}
# the same where the push works
LIFTED = {metric: f"{metric}, lifted" for metric in METRICS}
IS_RECIPIENT = pc.field("arm").isin(["recipient", "overlapping"])
RECIPIENTS = """
    select user_key, arm from intermediate.int_push_compared_subjects
    where arm in ('recipient', 'overlapping') and activity_class <> -1
"""


@dataclass(frozen=True)
class Counted:
    """What the models of the method make of a world.

    Attributes:
        cells: Rows of `int_push_matched_cells`: a table per metric, and one per metric
            where the push works.
        alone: Positions of the recipients with a baseline and no other push shortly
            before.
        everyone: The same with those of other pushes.
    """

    cells: list[pa.Table]
    alone: np.ndarray
    everyone: np.ndarray


def count_cells(method: Method, world: World) -> Counted:
    """Run the models of the method on a world."""
    held_out = holdout_tables(MEASURED, world.held_out, world.held_out_share)
    tables = world_tables(world) | held_out
    later = {ACTIVITY: tables[ACTIVITY]}
    tables[ACTIVITY] = tables[ACTIVITY].slice(0, 0)
    with method.new_warehouse(tables) as connection:
        # what has changed since a build before is dear to know, and there was none
        method.create_up_to(connection, "int_push_campaign_inputs")
        replace_tables(connection, later)
        method.create_up_to(connection, "int_push_matched_cells")
        cells = {
            table["metric"][0].as_py(): table for table in matched_cells(connection)
        }
        recipients = read(connection, RECIPIENTS)
    # nobody else feels the push, so they are counted once only
    for metric, lifted in LIFTED.items() if world.is_sent_at_once else ():
        others = cells[metric].filter(~IS_RECIPIENT)
        place = others.column_names.index("metric")
        others = others.set_column(place, "metric", pa.repeat(lifted, len(others)))
        cells[lifted] = pa.concat_tables([cells[lifted].filter(IS_RECIPIENT), others])
    return Counted(
        list(cells.values()),
        alone=positions(recipients.filter(pc.field("arm") == "recipient")["user_key"]),
        everyone=positions(recipients["user_key"]),
    )


def world_tables(world: World) -> Tables:
    """Return the core tables of a world, with nobody held out."""
    names = [*METRICS, *LIFTED.values()]
    user = np.append(world.session_user, world.caused_user)
    at = np.append(world.session_at, world.caused_at)
    is_caused = np.arange(len(at)) >= len(world.session_at)
    feels_push = np.isin(user, world.recipients[0]) | (not world.is_sent_at_once)
    rows, metrics = [], []
    for metric, one_of in METRICS.items():
        # in which microsecond a session begins is chance
        is_counted = at % one_of == 0
        for name, has in ((metric, ~is_caused), (LIFTED[metric], feels_push)):
            rows.append(np.flatnonzero(is_counted & has))
            metrics.append(np.full(len(rows[-1]), names.index(name)))
    row = np.concatenate(rows)
    activity = {
        "user": user[row],
        "activity_type": picked(names, np.concatenate(metrics)),
        "occurred_at": timestamps(at[row]),
    }
    sends = {
        "campaign_key": world.push_campaign,
        "user": world.push_user,
        "sent_at": timestamps(world.push_at),
    }
    return core_tables(
        world.joined_at,
        pa.table(activity),
        pa.table(sends),
        [MEASURED],
        (world.started_at, world.ended_at),
        names,
    )
