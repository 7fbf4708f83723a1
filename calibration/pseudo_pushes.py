"""The method on real people, at dates when they got no push.

Every campaign is repeated whole weeks earlier, with pseudo-recipients among those
who could be pushed then and had got nothing for 48 hours. Nothing was sent to them, so
the true lift is zero; whoever else could be pushed is left to the method as control.

Data flow: core tables of a warehouse -> the people that the method would compare for
its campaigns -> pseudo-pushes -> the method, on copies that hold some of them each.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from datetime import timedelta
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from calibration.core_tables import Tables, campaigns_of
from calibration.estimates import Row
from calibration.method import Method
from warehouse.tables import read

PEOPLE = "int_push_subject_measures"
WEEKS_BEFORE = (1, 2)
# pushes within 48 hours of each other would disturb each other
APART = timedelta(hours=96)
# the order of hashes is random, and always the same
PSEUDO_SENDS = """
    with

    recipients as (
        select campaign_key, send_hour_at, activity_class, count(*) as recipients
        from {people}
        where arm in ('recipient', 'overlapping')
        group by all
    ),

    eligible as (
        select
            *,
            row_number() over (
                alike order by md5(user_key || campaign_key || weeks_before)
            ) as position,
            count(*) over alike as people
        from {people}
        where arm = 'reachable' and weeks_before in {weeks_before}
        window
            alike as (
                partition by campaign_key, send_hour_at, weeks_before {alike}
            )
    )

    select
        eligible.campaign_key || ' ' || eligible.weeks_before as campaign_key,
        eligible.user_key,
        eligible.index_at as sent_at
    from eligible
    left join recipients using (campaign_key, send_hour_at, activity_class)
    where eligible.position <= least(eligible.people / 2, {limit})
    order by sent_at, campaign_key, user_key
"""
AUDIENCES = {
    "random half": {"alike": "", "limit": "eligible.people"},
    # as many in each class as the campaign had: chosen by the same behaviour
    "like the campaign's": {
        "alike": ", activity_class",
        "limit": "coalesce(recipients.recipients, 0)",
    },
}


def measure_pseudo_pushes(
    executor: Executor, method: Method, warehouse: Tables
) -> Iterator[tuple[str, list[Row]]]:
    """Measure the pseudo-pushes of a warehouse.

    Args:
        executor: Who measures.
        method: The compiled method.
        warehouse: Its core tables and seeds.

    Yields:
        How pseudo-recipients were chosen, and the rows of agg_push_campaign_lift.
    """
    for audience, sends in choose_pseudo_sends(method, warehouse).items():
        groups = _far_apart(campaigns_of(sends, []))
        measured = executor.map(partial(_measure, method, warehouse, sends), groups)
        yield audience, [row for rows in measured for row in rows]


def choose_pseudo_sends(method: Method, warehouse: Tables) -> dict[str, pa.Table]:
    """Return the sends of pseudo-pushes: campaign_key, user_key, sent_at."""
    with method.new_warehouse(warehouse) as connection:
        method.create_up_to(connection, PEOPLE)
        return {
            audience: read(
                connection,
                PSEUDO_SENDS.format(
                    people=f"intermediate.{PEOPLE}",
                    weeks_before=WEEKS_BEFORE,
                    **choice,
                ),
            )
            for audience, choice in AUDIENCES.items()
        }


def _measure(
    method: Method, warehouse: Tables, sends: pa.Table, campaigns: list[str]
) -> list[Row]:
    """Measure some pseudo-campaigns among all real pushes."""
    is_measured = pc.is_in(sends["campaign_key"], pa.array(campaigns))
    real_sends = warehouse["intermediate.int_campaign_sends"]
    all_sends = pa.concat_tables([real_sends, sends.filter(is_measured)])
    tables = warehouse | {
        "intermediate.int_campaign_sends": all_sends,
        "core.dim_campaigns": campaigns_of(all_sends, campaigns),
    }
    return method.measure(tables).to_pylist()


def _far_apart(campaigns: pa.Table) -> list[list[str]]:
    """Group campaigns so that within a group none disturbs another."""
    groups: list[list[Row]] = []
    for row in campaigns.sort_by([("sent_at", "ascending")]).to_pylist():
        free = (
            group
            for group in groups
            if group[-1]["last_sent_at"] + APART <= row["sent_at"]
        )
        group = next(free, None)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    return [[row["campaign_key"] for row in group] for group in groups]
